import { database } from "../database";
import { verifyPassword } from "./password";

/**
 * The person with this email address and password; undefined when either is wrong, after the same time.
 *
 * @param email in lower case, as it is stored.
 */
export async function authenticate(
  email: string,
  password: string,
): Promise<{ id: string; email: string; name: string | null } | undefined> {
  const user = await database()
    .selectFrom("users")
    .select(["id", "email", "name", "password_hash"])
    .where("email", "=", email)
    .executeTakeFirst();
  const isRight = await verifyPassword(password, user?.password_hash);
  return user && isRight ? { id: user.id, email: user.email, name: user.name } : undefined;
}
