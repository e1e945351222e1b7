import { z } from "zod";
import { name } from "../text";

/** An organization as an operator gives it. The bounds are those of db/migrations/0001. */
export const NewOrganization = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, "must be 1 to 128 characters of A-Z a-z 0-9 _ -"),
  name: name(200),
});
export type NewOrganization = z.infer<typeof NewOrganization>;
