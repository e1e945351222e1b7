import type { z } from "zod";
import { countAttempt } from "../auth/throttle";
import { database } from "../database";
import type { Person } from "../person";
import { Refusal } from "../refusal";
import { startSession } from "../sessions/session";
import { authenticate } from "../users/authenticate";
import { hashPassword } from "../users/password";
import type { PasswordForm } from "./schema";

/**
 * Gives a person another password. All their sessions end (the database sees to that: migration 0004), and this
 * browser gets a new one.
 *
 * @param browser where the request comes from: guesses at the current password are counted as at sign-in.
 * @returns the token of the new session; undefined when the password was changed again in that moment.
 * @throws Refusal 422 for a wrong current password or one that is no other, 409 when it was changed in that moment, 429,
 *   503.
 */
export async function changePassword(
  person: Person,
  { currentPassword, newPassword }: z.infer<typeof PasswordForm>,
  browser: { address: string; userAgent: string | undefined },
): Promise<string | undefined> {
  if (newPassword === currentPassword) {
    throw new Refusal(422, "same_password", "The new password must be another one");
  }
  const forget = await countAttempt(person.email, browser.address);
  const proven = await authenticate(person.email, currentPassword);
  if (!proven) throw new Refusal(422, "wrong_password", "That is not your current password");
  await forget();
  const passwordHash = await hashPassword(newPassword);
  const { numUpdatedRows } = await database()
    .updateTable("users")
    .set({ password_hash: passwordHash })
    .where("id", "=", person.id)
    // Of two who change it at once, one does.
    .where("password_hash", "=", proven.passwordHash)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) {
    throw new Refusal(409, "password_changed", "The password was changed in this moment");
  }
  return startSession(person.id, passwordHash, browser.userAgent);
}
