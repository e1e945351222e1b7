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
import { limitTrustedAttempts } from "./limit-attempts";

/**
 * Changes a person's password. A trigger of the database ends all their sessions, and this browser gets a new one.
 * Attempts are limited by session, so that strangers cannot use them up.
 *
 * @returns values of `Set-Cookie` for the new session; none when the password was just changed again.
 * @throws HttpError 422 for a wrong current password or the same new one, 409 when it was just changed somewhere else,
 *   429, 503.
 */
export async function changePassword(
  person: Person,
  { currentPassword, newPassword }: z.infer<typeof PasswordForm>,
  browser: { userAgent: string | undefined; deviceCookie: string | undefined },
): Promise<string[]> {
  if (newPassword === currentPassword) {
    throw new HttpError(422, "same_password", "The new password must be different");
  }
  const account = await limitTrustedAttempts(`session ${person.sessionId}`, async () =>
    authenticate(await findAccount(person.email), currentPassword),
  );
  if (!account) throw new HttpError(422, "wrong_password", "The current password is incorrect");
  const passwordHash = await hashPassword(newPassword);
  const { numUpdatedRows } = await database()
    .updateTable("users")
    .set({ password_hash: passwordHash })
    .where("id", "=", person.id)
    // If it is changed twice at the same time, one fails.
    .where("password_hash", "=", account.passwordHash)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) {
    throw new HttpError(409, "password_changed", "The password was just changed somewhere else");
  }
  const token = await startSession(person.id, passwordHash, browser.userAgent);
  if (!token) return [];
  return [sessionSetCookie(token), deviceSetCookie(browser.deviceCookie, { ...account, passwordHash })];
}
