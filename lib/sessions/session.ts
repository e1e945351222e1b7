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
 * @returns the token for their cookie: 256 random bits. It is stored nowhere.
 */
export async function startSession(userId: string): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await database()
    .with("over", (db) => db.deleteFrom("sessions").where("expires_at", "<", sql<Date>`now()`))
    .insertInto("sessions")
    .values({
      token_hash: createHash("sha256").update(token).digest(),
      user_id: userId,
      expires_at: sql<string>`now() + make_interval(days => ${sessionDaysMax})`,
    })
    .execute();
  return token;
}

/** Who holds a token, or undefined when its session is over or never was. */
export async function findSessionUser(
  token: string,
): Promise<{ id: string; email: string; name: string | null } | undefined> {
  const hash = hashSessionToken(token);
  if (!hash) return undefined;
  return database()
    .selectFrom("sessions")
    .innerJoin("users", "users.id", "sessions.user_id")
    .select(["users.id", "users.email", "users.name"])
    .where("token_hash", "=", hash)
    .where(isSessionAlive)
    .executeTakeFirst();
}

/** Ends a session for everybody who has a copy of its cookie. */
export async function endSession(token: string): Promise<void> {
  const hash = hashSessionToken(token);
  if (hash) await database().deleteFrom("sessions").where("token_hash", "=", hash).execute();
}
