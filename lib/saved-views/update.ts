import type { z } from "zod";
import type { Viewer } from "../access/viewer";
import { HttpError } from "../http/http-error";
import { clearDefault, savedViewNotFound, withSavedViewLock } from "./lock";
import type { SavedViewChange } from "./schema";
import { visibleSavedViews } from "./visible";

/** @throws HttpError 404, also for someone else's view; 409 for the name of another one. */
export async function updateSavedView(
  viewer: Viewer,
  { id, name, isDefault }: z.infer<typeof SavedViewChange>,
): Promise<void> {
  await withSavedViewLock(viewer, async (db) => {
    const views = await visibleSavedViews(viewer, db).select(["id", "name"]).execute();
    if (!views.some((one) => one.id === id)) throw savedViewNotFound;
    if (views.some((one) => one.name === name && one.id !== id)) {
      throw new HttpError(409, "view_name_taken", "You have another view with this name");
    }
    if (isDefault) await clearDefault(viewer, db);
    await db
      .updateTable("saved_views")
      .set({ name, is_default: isDefault === "true" })
      .where("organization_id", "=", viewer.organizationId)
      .where("user_id", "=", viewer.personId)
      .where("id", "=", id)
      .execute();
  });
}
