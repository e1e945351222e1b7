import { createHash, randomBytes } from "node:crypto";
import { sql } from "kysely";
import { database } from "../database";

/** A session ends this long after signing in, whatever happens (OWASP ASVS 7.3.2). */
export const sessionDaysMax = 30;
/** And this long after it was last used (ASVS 7.3.1). */
const idleDaysMax = 7;

const tokenPattern = /^[A-Za-z0-9_-]{43}$/;

/** What of a token is stored. One that is not even of its form has no hash. */
export function hashSessionToken(token: string): Buffer | undefined {
  return tokenPattern.test(token) ? createHash("sha256").update(token).digest() : undefined;
}

/** Whether a row of `sessions` still counts. */
export const isSessionAlive = sql<boolean>`
  sessions.expires_at > now() and sessions.last_seen_at > now() - make_interval(days => ${idleDaysMax})
`;

/**
 * Starts a session of a person whose password was right, and clears away those that are over.
 *
 * @param passwordHash the one that was right: when it was changed in the meantime, there is no session.
 * @returns the token for their cookie: 256 random bits, stored nowhere; or undefined.
 */
export async function startSession(userId: string, passwordHash: string): Promise<string | undefined> {
  const token = randomBytes(32).toString("base64url");
  const started = await database()
    .with("over", (db) => db.deleteFrom("sessions").where("expires_at", "<", sql<Date>`now()`))
    .insertInto("sessions")
    .columns(["token_hash", "user_id", "expires_at"])
    .expression((db) =>
      db
        .selectFrom("users")
        .select(({ val }) => [
          val(createHash("sha256").update(token).digest()).as("token_hash"),
          "id",
          sql<string>`now() + make_interval(days => ${sessionDaysMax})`.as("expires_at"),
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
  const hash = hashSessionToken(token);
  if (hash) await database().deleteFrom("sessions").where("token_hash", "=", hash).execute();
}
