import { database } from "../database";
import { verifyPassword } from "./password";

export interface Authenticated {
  id: string;
  /** The one the password was checked against. */
  passwordHash: string;
}

/**
 * The person with this email address and password; undefined when either is wrong, after the same time.
 *
 * @param email in lower case, as it is stored.
 */
export async function authenticate(email: string, password: string): Promise<Authenticated | undefined> {
  const user = await database()
    .selectFrom("users")
    .select(["id", "password_hash"])
    .where("email", "=", email)
    .executeTakeFirst();
  const isRight = await verifyPassword(password, user?.password_hash);
  return user && isRight ? { id: user.id, passwordHash: user.password_hash } : undefined;
}
