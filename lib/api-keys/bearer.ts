import { type CompiledQuery, type Expression, sql } from "kysely";
import type { ApiKeyScope } from "../access/permissions";
import { parameter } from "../database/cached-statement";
import { database } from "../database/database";
import { HttpError } from "../http/http-error";
import { logError } from "../log";
import { setCaller } from "../server/current-response";
import { hashApiKey, isWellFormedApiKey, visibleParts } from "./format";

const challenge = 'Bearer realm="batch-jobs"';

/** Why an Authorization header has no key. Its value is not repeated: it may be a secret. */
function missingKeyHint(authorization: string): string {
  const [scheme, ...rest] = authorization.trim().split(/\s+/);
  if (!scheme) return "";
  if (/^bearer$/i.test(scheme)) return ". There is no key after Bearer";
  return rest.length === 0
    ? ". The word Bearer and a space are missing before the key"
    : ". This Authorization has another scheme than Bearer";
}

function missingApiKey(headers: Headers): HttpError {
  const detail = `Send an API key: Authorization: Bearer <key>${missingKeyHint(headers.get("authorization") ?? "")}`;
  return new HttpError(401, "missing_api_key", detail, { "WWW-Authenticate": challenge });
}

/** The same for malformed, unknown, expired and revoked keys, so that it reveals nothing about them. */
export const invalidApiKey = new HttpError(401, "invalid_api_key", "This API key is not valid", {
  "WWW-Authenticate": `${challenge}, error="invalid_token"`,
});

/**
 * @param needed the scope that the request needs.
 * @param scopes those that the key has.
 */
export function insufficientScope(needed: ApiKeyScope, scopes: readonly ApiKeyScope[]): HttpError {
  const detail = `This needs an API key with the scope ${needed}; this key has ${scopes.join(", ")}`;
  return new HttpError(403, "insufficient_scope", detail, {
    // RFC 6750, section 3.1.
    "WWW-Authenticate": `${challenge}, error="insufficient_scope", scope="${needed}"`,
  });
}

/**
 * The key of `Authorization: Bearer <key>` (scheme in any case, RFC 9110), or of `x-api-key` without an Authorization
 * header. Keys in the URL and in cookies are never read.
 */
function findApiKey(headers: Headers): string | undefined {
  const authorization = headers.get("authorization");
  if (authorization === null) return headers.get("x-api-key")?.trim() || undefined;
  const [, credentials] = /^bearer +(.*)$/i.exec(authorization.trim()) ?? [];
  return credentials?.trim() || undefined;
}

/**
 * The SHA-256 of a request's key.
 *
 * @throws HttpError 401 without a well-formed key.
 */
export function bearerHash(headers: Headers): Buffer {
  const key = findApiKey(headers);
  if (key === undefined) throw missingApiKey(headers);
  // What has another format may be another secret.
  if (!isWellFormedApiKey(key)) throw invalidApiKey;
  setCaller({ apiKeyStart: visibleParts(key).start });
  return hashApiKey(key);
}

/** After a minute; after a rotation immediately, as the page says whether the old key is still in use. */
const isLastUsedStale = sql<boolean>`
  last_used_at is null or last_used_at < greatest(now() - interval '1 minute', rotated_at)
`;

export interface Bearer {
  id: string;
  organization_id: string;
  scopes: ApiKeyScope[];
  is_last_used_stale: boolean;
}

/** The key with this SHA-256, unless it has expired or been revoked. */
export function usableApiKey(keyHash: Expression<Buffer>) {
  return database()
    .selectFrom("api_keys")
    .select(["id", "organization_id", "scopes"])
    .select(isLastUsedStale.as("is_last_used_stale"))
    .where("key_hash", "=", keyHash)
    .where("revoked_at", "is", null)
    .where(({ eb, or }) => or([eb("expires_at", "is", null), eb("expires_at", ">", sql<Date>`now()`)]));
}

/** Updates a stale last_used_at: not awaited, and skipped if the row is locked. */
export function recordUse({ id, organization_id, is_last_used_stale }: Omit<Bearer, "scopes">): void {
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
 * Adds authentication to a select: one statement that gives no row without a usable key. Its parameters are `keyHash`,
 * `organizationId` and those of the select.
 *
 * @param select of one row, with every table in bearerScope (lib/access/viewer.ts).
 */
export function withBearer<O>(
  select: Expression<O>,
  columns: (keyof O & string)[],
): CompiledQuery<Bearer & O> {
  const selected = sql.join(columns.map((column) => sql.ref(`selected.${column}`)));
  return sql<Bearer & O>`
    with bearer as (${usableApiKey(parameter("keyHash"))})
    select bearer.id, bearer.organization_id, bearer.scopes, bearer.is_last_used_stale, ${selected}
    from bearer cross join (${select}) as selected
  `.compile(database());
}
