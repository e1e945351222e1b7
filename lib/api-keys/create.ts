import { sql } from "kysely";
import { database } from "../database";
import { newIdentifier } from "../identifier";
import type { Viewer } from "../viewer";
import { generateApiKey, hashApiKey, recognizableParts } from "./format";
import type { NewApiKey } from "./schema";

/**
 * Makes a key of the viewer's organization.
 *
 * @param key for the demo, which shows its key again at each start; anyone else gets a fresh one.
 * @returns the key itself. It is stored nowhere: show it once.
 */
export async function createApiKey(
  viewer: Viewer,
  wanted: NewApiKey,
  key = generateApiKey(),
): Promise<string> {
  viewer.mustManage();
  const { start, lastFour } = recognizableParts(key);
  await database()
    .insertInto("api_keys")
    .values({
      id: newIdentifier("key"),
      organization_id: viewer.organizationId,
      name: wanted.name,
      key_hash: hashApiKey(key),
      key_start: start,
      key_last_four: lastFour,
      expires_at: sql<Date>`now() + make_interval(days => ${wanted.expiresInDays})`,
    })
    .execute();
  return key;
}
