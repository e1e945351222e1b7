import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { apiKeyNotFound } from "./state";

/** @throws HttpError 404. */
export async function renameApiKey(viewer: Viewer, id: string, name: string): Promise<void> {
  viewer.require("manageKeys");
  const { numUpdatedRows } = await database()
    .updateTable("api_keys")
    .set({ name })
    .where("organization_id", "=", viewer.organizationId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw apiKeyNotFound;
}
