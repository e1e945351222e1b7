import { z } from "zod";
import { name } from "../text";

/** What may be chosen of an API key. The name's bounds are those of db/migrations/0002. */
export const NewApiKey = z.object({
  name: name(50),
  expiresInDays: z
    .int("must be a whole number")
    .min(1, "must be 1 at least")
    .max(3_650, "must be 3650 at most")
    .default(365),
});
export type NewApiKey = z.infer<typeof NewApiKey>;
