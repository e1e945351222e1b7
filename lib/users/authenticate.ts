import { database } from "../database/database";
import { verifyPassword } from "./password";

export interface Account {
  id: string;
  email: string;
  passwordHash: string;
}

/** @param email normalized, as it is stored. */
export async function findAccount(email: string): Promise<Account | undefined> {
  return database()
    .selectFrom("users")
    .select(["id", "email", "password_hash as passwordHash"])
    .where("email", "=", email)
    .executeTakeFirst();
}

/**
 * @param account undefined for an unknown email address, which takes the same time as a wrong password.
 * @returns the account if this is its password.
 * @throws HttpError 503 when too many passwords are being hashed.
 */
export async function authenticate(
  account: Account | undefined,
  password: string,
): Promise<Account | undefined> {
  const isRight = await verifyPassword(password, account?.passwordHash);
  return isRight ? account : undefined;
}
