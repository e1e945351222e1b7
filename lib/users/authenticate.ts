import { database } from "../database/database";
import { verifyPassword } from "./password";

export interface Account {
  id: string;
  email: string;
  passwordHash: string;
}

/**
 * The account with this email address.
 *
 * @param email in lower case, as it is stored.
 */
export async function findAccount(email: string): Promise<Account | undefined> {
  return database()
    .selectFrom("users")
    .select(["id", "email", "password_hash as passwordHash"])
    .where("email", "=", email)
    .executeTakeFirst();
}

/**
 * Gives the account if this is its password, undefined otherwise; for an account that does not exist after the same time.
 *
 * @throws HttpError 503 when too many are at it.
 */
export async function authenticate(
  account: Account | undefined,
  password: string,
): Promise<Account | undefined> {
  const isRight = await verifyPassword(password, account?.passwordHash);
  return isRight ? account : undefined;
}
