import { database } from "../database";
import type { Viewer } from "../viewer";
import { apiKeyNotFound } from "./refusals";

/** @throws Refusal 404. */
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
