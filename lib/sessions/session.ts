import { sql } from "kysely";
import { database } from "../database/database";
import { hashToken, newToken } from "./token";

/** From sign-in (OWASP ASVS 7.3.2). */
export const sessionDaysMax = 30;
/** From last use (ASVS 7.3.1). */
const idleDaysMax = 7;

/** A longer one is truncated. */
const userAgentLengthMax = 300;

/** Whether a row of `sessions` has neither expired nor been idle for too long. */
export const isSessionActive = sql<boolean>`
  sessions.expires_at > now() and sessions.last_seen_at > now() - make_interval(days => ${idleDaysMax})
`;

/**
 * Starts a session after the password was verified, and deletes all expired sessions.
 *
 * @param passwordHash of the verified password: when it was changed meanwhile, no session is started.
 * @returns the token for the cookie, or undefined.
 */
export async function startSession(
  userId: string,
  passwordHash: string,
  userAgent: string | undefined,
): Promise<string | undefined> {
  const { token, hash } = newToken();
  const agent = userAgent?.slice(0, userAgentLengthMax).replaceAll("\0", "").toWellFormed() || null;
  const started = await database()
    .with("expired", (db) => db.deleteFrom("sessions").where("expires_at", "<", sql<Date>`now()`))
    .insertInto("sessions")
    .columns(["token_hash", "user_id", "expires_at", "user_agent"])
    .expression((db) =>
      db
        .selectFrom("users")
        .select(({ val }) => [
          val(hash).as("token_hash"),
          "id",
          sql<Date>`now() + make_interval(days => ${sessionDaysMax})`.as("expires_at"),
          val(agent).as("user_agent"),
        ])
        .where("id", "=", userId)
        .where("password_hash", "=", passwordHash)
        // Waits for a concurrent change of the password, or makes it wait.
        .forShare(),
    )
    .returning("user_id")
    .executeTakeFirst();
  return started && token;
}

/** @param token the cookie's value, not validated yet. */
export async function endSession(token: string): Promise<void> {
  const hash = hashToken(token);
  if (hash) await database().deleteFrom("sessions").where("token_hash", "=", hash).execute();
}
