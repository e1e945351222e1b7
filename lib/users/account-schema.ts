import { z } from "zod";
import { name } from "../format/text";
import { Password, passwordLengthMax } from "./schema";

export const NameForm = z.object({ name: name(200).optional() });

export const PasswordForm = z.object({
  currentPassword: z
    .string({ error: "must be given" })
    .max(passwordLengthMax, `must have at most ${passwordLengthMax} characters`),
  newPassword: Password,
});
