import { z } from "zod";

/** What may be chosen of an API key. The name's bounds are those of db/migrations/0002. */
export const NewApiKey = z.object({
  name: z.string().trim().min(1, "must not be empty").max(50, "must have 50 characters at most"),
  expiresInDays: z
    .int("must be a whole number")
    .min(1, "must be 1 at least")
    .max(3_650, "must be 3650 at most")
    .default(365),
});
export type NewApiKey = z.infer<typeof NewApiKey>;
