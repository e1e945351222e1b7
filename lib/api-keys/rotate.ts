import { sql } from "kysely";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { HttpError } from "../http/http-error";
import { type CreatedApiKey, createApiKey } from "./create";
import type { Expiry } from "./schema";
import { getUsableApiKey } from "./state";

/**
 * Creates a new key with the old one's name and scopes. The old key works for a while longer, so that programs can switch without
 * an outage, but never past its own expiry. A key whose new key has ended can be rotated again.
 *
 * @param overlapHours how long the old key still works; 0 revokes it immediately.
 * @throws HttpError 404, 409 for a key that has ended or was already rotated.
 */
export async function rotateApiKey(
  viewer: Viewer,
  id: string,
  { overlapHours, expiry }: { overlapHours: number; expiry: Expiry },
): Promise<CreatedApiKey> {
  viewer.require("manageKeys");
  return database()
    .transaction()
    .execute(async (db) => {
      // Locked by a statement of its own: one that waits for a lock would not see the successor just created.
      await db
        .selectFrom("api_keys")
        .where("organization_id", "=", viewer.organizationId)
        .where("id", "=", id)
        .select("id")
        .forUpdate()
        .execute();
      const old = await getUsableApiKey(viewer, id, db);
      if (old.hasSuccessor) {
        throw new HttpError(409, "api_key_rotating", "This API key has already been rotated");
      }
      const successor = await createApiKey(viewer, { name: old.name, scopes: old.scopes, expiry }, { db });
      const end = sql<Date>`now() + make_interval(hours => ${overlapHours})`;
      await db
        .updateTable("api_keys")
        .set({ successor_id: successor.id, rotated_at: sql<Date>`now()` })
        .set(
          overlapHours === 0
            ? { revoked_at: sql<Date>`now()` }
            : { expires_at: sql<Date>`least(expires_at, ${end})` },
        )
        .where("organization_id", "=", viewer.organizationId)
        .where("id", "=", id)
        .execute();
      return successor;
    });
}
