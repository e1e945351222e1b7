import { sql } from "kysely";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { HttpError } from "../http/http-error";
import { type CreatedApiKey, createApiKey } from "./create";
import { apiKeyEnded, apiKeyNotFound } from "./errors";
import { hasSuccessor, isOver } from "./over";
import type { Expiry } from "./schema";

/**
 * Makes a successor of a key, with its name. The old one goes on for a while, so that programs can change over
 * without an outage, but never longer than it would have anyway. Where its successor is over, it gets another one.
 *
 * @param overlapHours 0 ends the old key at once.
 * @returns the successor.
 * @throws HttpError 404, or 409 for a key that is over or has a successor already.
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
      const rotated = db
        .selectFrom("api_keys")
        .where("organization_id", "=", viewer.organizationId)
        .where("id", "=", id);
      // First the lock and then a look: a statement that waits for the one still sees no successor of before.
      await rotated.select("id").forUpdate().execute();
      const old = await rotated
        .select(["name", hasSuccessor.as("hasSuccessor"), isOver.as("isOver")])
        .executeTakeFirst();
      if (!old) throw apiKeyNotFound;
      if (old.isOver) throw apiKeyEnded;
      if (old.hasSuccessor) {
        throw new HttpError(409, "api_key_rotating", "This API key has already been rotated");
      }
      const successor = await createApiKey(viewer, { name: old.name, expiry }, { db });
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
