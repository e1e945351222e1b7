import { type RawBuilder, sql } from "kysely";
import type { ApiKeyScope } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { newIdentifier } from "../format/identifier";
import { generateApiKey, hashApiKey, visibleParts } from "./format";
import type { Expiry } from "./schema";

export interface CreatedApiKey {
  id: string;
  /** Not stored: show it once. */
  key: string;
}

function expiresAt(expiry: Expiry): RawBuilder<Date> | Date | null {
  if (expiry === "never") return null;
  return "until" in expiry ? expiry.until : sql<Date>`now() + make_interval(days => ${expiry.days})`;
}

/**
 * @param db a transaction, to do more in it.
 * @param key only for the demo, whose key is always the same.
 */
export async function createApiKey(
  viewer: Viewer,
  { name, scopes, expiry }: { name: string; scopes: ApiKeyScope[]; expiry: Expiry },
  { db = database(), key = generateApiKey() } = {},
): Promise<CreatedApiKey> {
  viewer.require("manageKeys");
  const { start, lastFour } = visibleParts(key);
  const id = newIdentifier("key");
  await db
    .insertInto("api_keys")
    .values({
      id,
      organization_id: viewer.organizationId,
      name,
      key_hash: hashApiKey(key),
      key_start: start,
      key_last_four: lastFour,
      created_by_user_id: viewer.personId,
      scopes,
      expires_at: expiresAt(expiry),
    })
    .execute();
  return { id, key };
}
