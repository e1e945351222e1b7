import type { CompiledQuery } from "kysely";
import { type Bearer, bearerHash, invalidApiKey, recordUse } from "../api-keys/bearer";
import { hasRateLimit } from "../api-keys/rate-limit";
import { runCached } from "../database/cached-statement";
import { setCaller } from "../server/current-response";
import type { Permission } from "./permissions";
import { requireApiKeyScope, Viewer } from "./viewer";

/**
 * Runs a statement that also authenticates the request's API key. With a rate limit, the key is looked up first, so that
 * a limited request runs nothing else.
 *
 * @param build makes the statement, with `withBearer`; its text is cached under `statement`.
 * @param values of its parameters, besides `keyHash`.
 * @returns its row.
 * @throws HttpError 401 without a usable key, 403 when no scope of the key gives the permission, 429 with `Retry-After`.
 */
export async function runByApiKey<O>(
  headers: Headers,
  permission: Permission,
  statement: { name: string; isPrepared: boolean },
  build: () => CompiledQuery<Bearer & O>,
  values: Record<string, unknown>,
): Promise<Bearer & O> {
  const keyHash = bearerHash(headers);
  if (hasRateLimit()) await Viewer.fromApiKey(headers, permission);
  const [found] = await runCached(statement, build, { ...values, keyHash });
  if (!found) throw invalidApiKey;
  setCaller({ organizationId: found.organization_id });
  if (!hasRateLimit()) recordUse(found);
  requireApiKeyScope(found, permission);
  return found;
}
