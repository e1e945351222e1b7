import { z } from "zod";
import { isPhoneNumber } from "../format/phone-number";
import { identifier, name } from "../format/text";

/** The bounds are those of db/migrations/0005. */
const agentId = name(128);
const label = name(200);

export const NewPhoneNumber = z.object({
  id: identifier,
  /** People write numbers with spaces, dots, dashes and parentheses. */
  phoneNumber: z
    .string()
    .transform((text) => text.replace(/[\s().-]/g, ""))
    .refine(isPhoneNumber, "must be a phone number in E.164, like +12025550100"),
  agentId: agentId.optional(),
  label: label.optional(),
});
export type NewPhoneNumber = z.infer<typeof NewPhoneNumber>;

export const PhoneNumberChange = NewPhoneNumber.pick({ id: true, agentId: true, label: true });
export type PhoneNumberChange = z.infer<typeof PhoneNumberChange>;

export const callLimitMax = 1_000;

/** How many calls an organization can have at once, over all its jobs. */
export const CallLimit = z.object({
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, `must be a whole number from 1 to ${callLimitMax}`)
    .transform(Number)
    .refine((limit) => limit <= callLimitMax, `must be a whole number from 1 to ${callLimitMax}`),
});
