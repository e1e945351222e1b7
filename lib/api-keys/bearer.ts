import { type CompiledQuery, type Expression, sql } from "kysely";
import { parameter } from "../database/cached-statement";
import { database } from "../database/database";
import { HttpError } from "../http/http-error";
import { logError } from "../log";
import { hashApiKey, isWellFormedApiKey } from "./format";

const challenge = 'Bearer realm="batch-jobs"';

/** What is wrong with an Authorization without a key. Nothing of it is repeated: it may be a secret. */
function whatIsMissing(authorization: string): string {
  const [scheme, ...rest] = authorization.trim().split(/\s+/);
  if (!scheme) return "";
  if (/^bearer$/i.test(scheme)) return ". There is no key after Bearer";
  return rest.length === 0
    ? ". The word Bearer and a space are missing before the key"
    : ". This Authorization has another scheme than Bearer";
}

function missingApiKey(headers: Headers): HttpError {
  const detail = `Send an API key: Authorization: Bearer <key>${whatIsMissing(headers.get("authorization") ?? "")}`;
  return new HttpError(401, "missing_api_key", detail, { "WWW-Authenticate": challenge });
}

/** One answer for malformed, unknown, expired and revoked keys: it tells a stranger nothing. */
export const invalidApiKey = new HttpError(401, "invalid_api_key", "This API key is not valid", {
  "WWW-Authenticate": `${challenge}, error="invalid_token"`,
});

/**
 * The key a request carries: `Authorization: Bearer <key>` (scheme in any case, RFC 9110), or
 * `x-api-key` when there is no Authorization at all. Keys in the URL and cookies are never read.
 */
function findApiKey(headers: Headers): string | undefined {
  const authorization = headers.get("authorization");
  if (authorization === null) return headers.get("x-api-key")?.trim() || undefined;
  const [, credentials] = /^bearer +(.*)$/i.exec(authorization.trim()) ?? [];
  return credentials?.trim() || undefined;
}

/**
 * The SHA-256 of the key that a request carries.
 *
 * @throws HttpError 401 without a key, and for what cannot be one.
 */
export function bearerHash(headers: Headers): Buffer {
  const key = findApiKey(headers);
  if (key === undefined) throw missingApiKey(headers);
  if (!isWellFormedApiKey(key)) throw invalidApiKey;
  return hashApiKey(key);
}

/** Once a minute; and the first use after a key was rotated at once: whether it can be ended hangs on that. */
const isLastUsedStale = sql<boolean>`
  last_used_at is null or last_used_at < greatest(now() - interval '1 minute', rotated_at)
`;

/** A row of usableApiKey. */
export interface Bearer {
  id: string;
  organization_id: string;
  is_last_used_stale: boolean;
}

/** The key with this SHA-256, if it is good now: expiry and revocation bite on the next request. */
export function usableApiKey(keyHash: Expression<Buffer>) {
  return database()
    .selectFrom("api_keys")
    .select(["id", "organization_id"])
    .select(isLastUsedStale.as("is_last_used_stale"))
    .where("key_hash", "=", keyHash)
    .where("revoked_at", "is", null)
    .where(({ eb, or }) => or([eb("expires_at", "is", null), eb("expires_at", ">", sql<Date>`now()`)]));
}

/**
 * Writes when a key was last used, where a row of usableApiKey says that it is worth noting: once a minute. In
 * nobody's way: not awaited, and passing over a row that another request is writing just now.
 */
export function recordUse({ id, organization_id, is_last_used_stale }: Bearer): void {
  if (!is_last_used_stale) return;
  sql`
    update api_keys set last_used_at = now() where (organization_id, id) = (
      select organization_id, id from api_keys
      where organization_id = ${organization_id} and id = ${id} and (${isLastUsedStale})
      for update skip locked
    )
  `
    .execute(database())
    .catch((error) => logError("failed to update api_keys.last_used_at", error, { apiKeyId: id }));
}

/**
 * Wraps a select into the statement that proves the bearer and answers in one: no row without a usable key. Its
 * parameters are `keyHash` and `organizationId`, and those of the select.
 *
 * @param answer a select of one row, whose every table is held to bearerScope (lib/access/viewer.ts).
 */
export function withBearer<O>(
  answer: Expression<O>,
  columns: (keyof O & string)[],
): CompiledQuery<Bearer & O> {
  const answered = sql.join(columns.map((column) => sql.ref(`answer.${column}`)));
  return sql<Bearer & O>`
    with bearer as (${usableApiKey(parameter("keyHash"))})
    select bearer.id, bearer.organization_id, bearer.is_last_used_stale, ${answered}
    from bearer cross join (${answer}) as answer
  `.compile(database());
}
