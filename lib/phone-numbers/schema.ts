import { z } from "zod";
import { isPhoneNumber } from "../format/phone-number";
import { identifier, text } from "../format/text";

/** The bounds are those of db/migrations/0005. */
const agentId = text(1, 128);
const label = text(1, 200);

export const NewPhoneNumber = z.object({
  id: identifier,
  phoneNumber: z.string().refine(isPhoneNumber, "must be in E.164, like +12025550100"),
  agentId: agentId.optional(),
  label: label.optional(),
});
export type NewPhoneNumber = z.infer<typeof NewPhoneNumber>;

export const PhoneNumberChange = NewPhoneNumber.pick({ id: true, agentId: true, label: true });
export type PhoneNumberChange = z.infer<typeof PhoneNumberChange>;

export const callLimitMax = 1_000;

/** How many calls an organization can have at once, over all its jobs. */
export const CallLimit = z.object({
  callLimit: z.coerce
    .number("must be a whole number")
    .int("must be a whole number")
    .min(1, `must be 1 to ${callLimitMax}`)
    .max(callLimitMax, `must be 1 to ${callLimitMax}`),
});
