import type { z } from "zod";
import type { Viewer } from "../access/viewer";
import { HttpError } from "../http/http-error";
import { clearDefault, jobViewNotFound, withJobViewLock } from "./lock";
import type { JobViewChange } from "./schema";
import { visibleJobViews } from "./visible";

/** @throws HttpError 404, also for someone else's view; 409 for the name of another one. */
export async function updateJobView(
  viewer: Viewer,
  { id, name, isDefault }: z.infer<typeof JobViewChange>,
): Promise<void> {
  await withJobViewLock(viewer, async (db) => {
    const views = await visibleJobViews(viewer, db).select(["id", "name"]).execute();
    if (!views.some((one) => one.id === id)) throw jobViewNotFound;
    if (views.some((one) => one.name === name && one.id !== id)) {
      throw new HttpError(409, "view_name_taken", "You have another view with this name");
    }
    if (isDefault) await clearDefault(viewer, db);
    await db
      .updateTable("job_views")
      .set({ name, is_default: isDefault === "true" })
      .where("organization_id", "=", viewer.organizationId)
      .where("user_id", "=", viewer.personId)
      .where("id", "=", id)
      .execute();
  });
}
