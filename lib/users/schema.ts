import { z } from "zod";
import { name } from "../text";

export const roles = ["owner", "admin", "member"] as const;

/** A person and their role in an organization. The bounds are those of db/migrations/0001. */
export const NewUser = z.object({
  email: z
    .string()
    .trim()
    .toLowerCase()
    .max(254, "must have 254 characters at most")
    .pipe(z.email("must be an address like name@example.com")),
  name: name(200).optional(),
  role: z.enum(roles, { error: `must be one of ${roles.join(", ")}` }),
  password: z
    .string()
    .min(12, "must have 12 characters at least")
    .max(200, "must have 200 characters at most"),
});
export type NewUser = z.infer<typeof NewUser>;
