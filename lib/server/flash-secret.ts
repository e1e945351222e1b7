import type { IncomingMessage, ServerResponse } from "node:http";
import { sql } from "kysely";
import { decode, encode } from "next-auth/jwt";
import type { Person } from "../access/person";
import { database } from "../database/database";
import { environment } from "../environment";
import { setCookie } from "../http/set-cookie";
import { hashToken, newToken } from "../sessions/token";
import { currentResponse } from "./current-response";

// A form handler creates a secret, and the next page shows it once. In between it is encrypted in a cookie. The page
// deletes a row of flash_secrets, so that a copy of the cookie shows nothing.

export const flashSecretCookie = "batch-jobs.once";

const lifetimeSeconds = 60;
const salt = "shown once";

/**
 * The `Set-Cookie` that passes a secret to the page at `path`.
 *
 * @param person the only one to see it.
 * @param organizationId the only one whose page shows it.
 */
export async function setFlashSecret(
  secret: string,
  person: Person,
  path: string,
  organizationId: string,
): Promise<string> {
  const { token, hash } = newToken();
  await database()
    .with("expired", (db) => db.deleteFrom("flash_secrets").where("expires_at", "<", sql<Date>`now()`))
    .insertInto("flash_secrets")
    .values({ token_hash: hash, expires_at: sql<Date>`now() + make_interval(secs => ${lifetimeSeconds})` })
    .execute();
  const encrypted = await encode({
    token: { sub: person.id, token, secret, path, organizationId },
    secret: environment().NEXTAUTH_SECRET,
    salt,
    maxAge: lifetimeSeconds,
  });
  return setCookie(flashSecretCookie, encrypted, path, lifetimeSeconds);
}

// Next bundles this file more than once. app/components/flash-secret.tsx also runs in the browser, so it cannot import
// this file and reads the secret here. A component's property would appear a second time, in the page's data for Next.
const shared = globalThis as {
  batchJobsSecrets?: WeakMap<ServerResponse, string>;
  batchJobsFlashSecret?: () => string | undefined;
};
shared.batchJobsSecrets ??= new WeakMap();
const secrets = shared.batchJobsSecrets;
shared.batchJobsFlashSecret ??= () => {
  const response = currentResponse();
  return response && secrets.get(response);
};

/** Whether the secret of this token has not been shown. Returns true only once. */
async function takeToken(token: unknown): Promise<boolean> {
  const hash = hashToken(String(token));
  if (!hash) return false;
  const { numDeletedRows } = await database()
    .deleteFrom("flash_secrets")
    .where("token_hash", "=", hash)
    .where("expires_at", ">", sql<Date>`now()`)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Whether a request shows a page: Next's scripts, prefetches and HEAD do not. */
function showsPage({ method, headers }: IncomingMessage): boolean {
  const isPrefetch = /prefetch/.test(String(headers["sec-purpose"] ?? headers.purpose));
  return method === "GET" && headers.rsc === undefined && !isPrefetch;
}

/**
 * Lets the current page show the cookie's secret, and deletes the cookie. Call it after everything else that may fail, so
 * that reloading the page still shows the secret.
 *
 * @param encrypted the cookie's value, from an untrusted client.
 * @returns whether there is a secret to show.
 */
export async function takeFlashSecret(
  encrypted: string | undefined,
  person: Person,
  path: string,
  organizationId: string,
): Promise<boolean> {
  const response = currentResponse();
  if (!encrypted || !response || !showsPage(response.req)) return false;
  // The page is rendered a second time when a connection broke.
  if (secrets.has(response)) return true;
  const found = await decode({ token: encrypted, secret: environment().NEXTAUTH_SECRET, salt }).catch(
    () => null,
  );
  if (found?.sub !== person.id || found.path !== path || found.organizationId !== organizationId)
    return false;
  if (typeof found.secret !== "string" || !(await takeToken(found.token))) return false;
  response.appendHeader("Set-Cookie", setCookie(flashSecretCookie, "", path, 0));
  secrets.set(response, found.secret);
  return true;
}
