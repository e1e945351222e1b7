import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { savedViewNotFound } from "./lock";

/** @throws HttpError 404, also for someone else's view. */
export async function deleteSavedView(viewer: Viewer, id: string): Promise<void> {
  viewer.require("viewSettings");
  const { numDeletedRows } = await database()
    .deleteFrom("saved_views")
    .where("organization_id", "=", viewer.organizationId)
    .where("user_id", "=", viewer.personId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw savedViewNotFound;
}
