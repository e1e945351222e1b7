import type { IncomingMessage, ServerResponse } from "node:http";
import { sql } from "kysely";
import { decode, encode } from "next-auth/jwt";
import type { Person } from "../access/person";
import { database } from "../database/database";
import { environment } from "../environment";
import { setCookie } from "../http/set-cookie";
import { hashToken, newToken } from "../sessions/token";
import { currentResponse } from "./current-response";

// A secret is made by a form's door and shown by the page that follows. In between it lies sealed in a cookie, of
// which nobody can read anything but this server, for a minute. A row of the database says that it was not shown yet: the
// page that shows it deletes the row, so a copy of the cookie shows nothing, and takes the cookie away.

/** Holds what the next page shows, sealed. */
export const flashSecretCookie = "batch-jobs.once";

const keptSeconds = 60;
const salt = "shown once";

/**
 * The `Set-Cookie` that carries a secret to the page at `path`.
 *
 * @param person for whom alone it is.
 * @param organizationId of which it is; the page of another one shall not show it.
 */
export async function setFlashSecret(
  secret: string,
  person: Person,
  path: string,
  organizationId: string,
): Promise<string> {
  const { token, hash } = newToken();
  await database()
    .with("over", (db) => db.deleteFrom("flash_secrets").where("expires_at", "<", sql<Date>`now()`))
    .insertInto("flash_secrets")
    .values({ token_hash: hash, expires_at: sql<Date>`now() + make_interval(secs => ${keptSeconds})` })
    .execute();
  const sealed = await encode({
    token: { sub: person.id, unshown: token, secret, path, organizationId },
    secret: environment().NEXTAUTH_SECRET,
    salt,
    maxAge: keptSeconds,
  });
  return setCookie(flashSecretCookie, sealed, path, keptSeconds);
}

// Next bundles this file more than once. And app/components/flash-secret.tsx reads the secret here, as it runs in the browser
// too and so cannot import this file; a property of a component would stand in the page a second time, in the data
// that Next sends along.
const shared = globalThis as {
  batchJobsSecrets?: WeakMap<ServerResponse, string>;
  batchJobsShownOnce?: () => string | undefined;
};
shared.batchJobsSecrets ??= new WeakMap();
const secrets = shared.batchJobsSecrets;
shared.batchJobsShownOnce ??= () => {
  const answer = currentResponse();
  return answer && secrets.get(answer);
};

/** Whether the secret with this token was not shown until now; asked again, the answer is no. */
async function takeUnshown(token: unknown): Promise<boolean> {
  const hash = hashToken(String(token));
  if (!hash) return false;
  const { numDeletedRows } = await database()
    .deleteFrom("flash_secrets")
    .where("token_hash", "=", hash)
    .where("expires_at", ">", sql<Date>`now()`)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Whether an answer draws a page for somebody to see: a script of Next's, a prefetch and HEAD do not. */
function isShowing({ method, headers }: IncomingMessage): boolean {
  const isPrefetch = /prefetch/.test(String(headers["sec-purpose"] ?? headers.purpose));
  return method === "GET" && headers.rsc === undefined && !isPrefetch;
}

/**
 * Lets this answer's page show what the cookie holds, and makes the browser forget it. Call it after all else that the page
 * reads: when that fails, the secret can be shown by the next try.
 *
 * @param sealed the cookie's value: anything.
 * @returns whether there is something to show.
 */
export async function takeFlashSecret(
  sealed: string | undefined,
  person: Person,
  path: string,
  organizationId: string,
): Promise<boolean> {
  const answer = currentResponse();
  if (!sealed || !answer || !isShowing(answer.req)) return false;
  // A page that is drawn a second time, because a connection broke, is the same answer.
  if (secrets.has(answer)) return true;
  const found = await decode({ token: sealed, secret: environment().NEXTAUTH_SECRET, salt }).catch(
    () => null,
  );
  if (found?.sub !== person.id || found.path !== path || found.organizationId !== organizationId)
    return false;
  if (typeof found.secret !== "string" || !(await takeUnshown(found.unshown))) return false;
  answer.appendHeader("Set-Cookie", setCookie(flashSecretCookie, "", path, 0));
  secrets.set(answer, found.secret);
  return true;
}
