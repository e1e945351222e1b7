import type { z } from "zod";
import type { Person } from "../access/person";
import { database } from "../database/database";
import { HttpError } from "../http/http-error";
import { startSession } from "../sessions/session";
import { authenticate, findAccount } from "../users/authenticate";
import { hashPassword } from "../users/password";
import type { PasswordForm } from "../users/schema";
import { sessionSetCookie } from "./cookies";
import { deviceSetCookie } from "./device-cookie";
import { countProven } from "./throttle";

/**
 * Gives a person another password. All their sessions end (the database sees to that: migration 0004), and this
 * browser gets a new one. Guesses at the current password are counted by session, so that nobody who is not signed in
 * can use them up.
 *
 * @returns values of `Set-Cookie` for the new session; none when the password was changed again in that moment.
 * @throws HttpError 422 for a wrong current password or one that is no other, 409 when it was changed in that moment, 429,
 *   503.
 */
export async function changePassword(
  person: Person,
  { currentPassword, newPassword }: z.infer<typeof PasswordForm>,
  browser: { userAgent: string | undefined; deviceCookie: string | undefined },
): Promise<string[]> {
  if (newPassword === currentPassword) {
    throw new HttpError(422, "same_password", "The new password must be different");
  }
  const proven = await countProven(`session ${person.sessionId}`, async () =>
    authenticate(await findAccount(person.email), currentPassword),
  );
  if (!proven) throw new HttpError(422, "wrong_password", "The current password is incorrect");
  const passwordHash = await hashPassword(newPassword);
  const { numUpdatedRows } = await database()
    .updateTable("users")
    .set({ password_hash: passwordHash })
    .where("id", "=", person.id)
    // Of two who change it at once, one does.
    .where("password_hash", "=", proven.passwordHash)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) {
    throw new HttpError(409, "password_changed", "The password was just changed somewhere else");
  }
  const token = await startSession(person.id, passwordHash, browser.userAgent);
  if (!token) return [];
  return [sessionSetCookie(token), deviceSetCookie(browser.deviceCookie, { ...proven, passwordHash })];
}
