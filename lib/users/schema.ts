import { z } from "zod";
import { roles } from "../role";
import { name } from "../text";

/** Compared in lower case, as it is stored. The bounds are those of db/migrations/0001. */
export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, "must have 254 characters at most")
  .pipe(z.email("must be an address like name@example.com"));

/** A long password is one that is easier to remember; the end keeps a request from being a book. */
export const passwordLengthMax = 200;
export const Password = z
  .string()
  .min(12, "must have 12 characters at least")
  .max(passwordLengthMax, `must have ${passwordLengthMax} characters at most`);

/** A person and their role in an organization. */
export const NewUser = z.object({
  email: Email,
  name: name(200).optional(),
  role: z.enum(roles, { error: `must be one of ${roles.join(", ")}` }),
  password: Password,
});
export type NewUser = z.infer<typeof NewUser>;
