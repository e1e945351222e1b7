import { z } from "zod";
import { type ApiKeyScope, apiKeyScopes } from "../access/permissions";
import { name } from "../format/text";
import { quoted } from "../http/quoted";

/** Ten years; a key may also never expire. */
export const expiryDaysMax = 3_650;
const dayMs = 86_400_000;

/** The bounds are those of db/migrations/0002. */
export const ApiKeyName = name(50);

export type Expiry = { days: number } | { until: Date } | "never";

/** For the command line. */
export const NewApiKey = z.object({
  name: ApiKeyName,
  expiresInDays: z
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .max(expiryDaysMax, `must be at most ${expiryDaysMax}`)
    .default(365),
  scopes: z
    .string()
    .transform((list) => [...new Set(list.split(","))])
    .pipe(
      z.array(
        z.enum(apiKeyScopes, {
          error: ({ input }) =>
            `must be one or several of ${apiKeyScopes.join(", ")}, separated by commas; got ${quoted(String(input))}`,
        }),
      ),
    )
    .default(["read"]),
});

/** In days, except for the last two. */
export const expiryChoices = ["30", "90", "365", "date", "never"] as const;

const endOfDay = (date: string) => new Date(`${date}T23:59:59Z`);

/** A date includes its whole day in UTC. */
const expiryFields = {
  expiry: z.enum(expiryChoices, { error: `must be one of ${expiryChoices.join(", ")}` }),
  expiryDate: z.iso
    .date("must be a date like 2027-01-31")
    .refine((date) => endOfDay(date).getTime() > Date.now(), "must not be in the past")
    .refine(
      (date) => endOfDay(date).getTime() < Date.now() + expiryDaysMax * dayMs,
      "must be within the next ten years",
    )
    .optional(),
};

type ExpiryFields = { expiry: (typeof expiryChoices)[number]; expiryDate?: string };
const hasDateIfChosen = ({ expiry, expiryDate }: ExpiryFields) =>
  expiry !== "date" || expiryDate !== undefined;
const dateIsMissing = { path: ["expiryDate"], error: "must be given, or choose another expiry" };

const checkbox = z.literal("true", "must be true, or absent").optional();
const scopeFields = { read: checkbox, manage: checkbox, dial: checkbox } satisfies Record<
  ApiKeyScope,
  unknown
>;
type ScopeFields = { [Scope in ApiKeyScope]?: "true" };

export function readScopes(fields: ScopeFields): ApiKeyScope[] {
  return apiKeyScopes.filter((scope) => fields[scope]);
}

export const ApiKeyForm = z
  .object({ name: ApiKeyName, ...scopeFields, ...expiryFields })
  .refine((fields) => readScopes(fields).length > 0, {
    path: ["scopes"],
    error: `must be one or several of ${apiKeyScopes.join(", ")}`,
  })
  .refine(hasDateIfChosen, dateIsMissing);

/** How long the old key works beside the new one. */
export const overlapHours = ["0", "1", "24", "168"] as const;

export const RotationForm = z
  .object({
    overlap: z.enum(overlapHours, { error: `must be one of ${overlapHours.join(", ")}` }),
    ...expiryFields,
  })
  .refine(hasDateIfChosen, dateIsMissing);

export function readExpiry({ expiry, expiryDate }: ExpiryFields): Expiry {
  if (expiry === "never") return "never";
  return expiryDate !== undefined && expiry === "date"
    ? { until: endOfDay(expiryDate) }
    : { days: Number(expiry) };
}
