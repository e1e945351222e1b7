import { z } from "zod";

/** An organization as an operator gives it. The bounds are those of db/migrations/0001. */
export const NewOrganization = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, "must be 1 to 128 characters of A-Z a-z 0-9 _ -"),
  name: z.string().trim().min(1, "must not be empty").max(200, "must have 200 characters at most"),
});
export type NewOrganization = z.infer<typeof NewOrganization>;
