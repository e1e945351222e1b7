import { Operator } from "../access/operator";
import { database } from "../database/database";
import { HttpError } from "../http/http-error";
import { hashPassword } from "./password";

/**
 * Changes a user's password. A trigger of the database ends all their sessions.
 *
 * @param email normalized, as it is stored.
 * @throws HttpError 404 when nobody has this address.
 */
export async function setPassword(operator: Operator, email: string, password: string): Promise<void> {
  Operator.prove(operator);
  const passwordHash = await hashPassword(password);
  const changed = await database()
    .updateTable("users")
    .set({ password_hash: passwordHash })
    .where("email", "=", email)
    .returning("id")
    .executeTakeFirst();
  if (!changed) throw new HttpError(404, "user_not_found", `No user with the email address ${email}`);
}
