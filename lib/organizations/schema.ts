import { z } from "zod";
import { identifier, name } from "../format/text";

/** The bounds are those of db/migrations/0001. */
export const NewOrganization = z.object({
  id: identifier,
  name: name(200),
});
export type NewOrganization = z.infer<typeof NewOrganization>;
