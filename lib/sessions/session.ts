import { sql } from "kysely";
import { database } from "../database/database";
import { hashToken, newToken } from "./token";

/** A session ends this long after signing in, whatever happens (OWASP ASVS 7.3.2). */
export const sessionDaysMax = 30;
/** And this long after it was last used (ASVS 7.3.1). */
const idleDaysMax = 7;

/** Longer ones are cut: a browser says what it likes. */
const userAgentLengthMax = 300;

/** Whether a row of `sessions` still counts. */
export const isSessionAlive = sql<boolean>`
  sessions.expires_at > now() and sessions.last_seen_at > now() - make_interval(days => ${idleDaysMax})
`;

/**
 * Starts a session of a person whose password was right, and clears away those that are over.
 *
 * @param passwordHash the one that was right: when it was changed in the meantime, there is no session.
 * @param userAgent what their browser calls itself, for the list of their sessions.
 * @returns the token for their cookie, or undefined.
 */
export async function startSession(
  userId: string,
  passwordHash: string,
  userAgent: string | undefined,
): Promise<string | undefined> {
  const { token, hash } = newToken();
  const agent = userAgent?.slice(0, userAgentLengthMax).replaceAll("\0", "").toWellFormed() || null;
  const started = await database()
    .with("over", (db) => db.deleteFrom("sessions").where("expires_at", "<", sql<Date>`now()`))
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
        // Waits for a change that is under way, and makes one that comes wait.
        .forShare(),
    )
    .returning("user_id")
    .executeTakeFirst();
  return started && token;
}

/** Ends a session for everybody who has a copy of its cookie. */
export async function endSession(token: string): Promise<void> {
  const hash = hashToken(token);
  if (hash) await database().deleteFrom("sessions").where("token_hash", "=", hash).execute();
}
