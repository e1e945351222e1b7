import type { z } from "zod";
import type { Viewer } from "../access/viewer";
import { readQuery, viewOf } from "../batch-jobs/address";
import { HttpError } from "../http/http-error";
import { clearDefault, withSavedViewLock } from "./lock";
import { type SavedViewForm, savedViewsMax } from "./schema";
import { visibleSavedViews } from "./visible";

/**
 * Saves a view for the person alone. One of the same name is replaced; if it is the default, it remains so.
 *
 * @returns its query, with what was valid of the given one.
 * @throws HttpError 400 for a query without filters and order, 409 for more than savedViewsMax views.
 */
export async function saveView(
  viewer: Viewer,
  { name, query: given, isDefault }: z.infer<typeof SavedViewForm>,
): Promise<string> {
  const query = viewOf(readQuery(given));
  if (query === "") {
    throw new HttpError(
      400,
      "invalid_query",
      "query must have a filter or an order: without, it is all jobs",
    );
  }
  await withSavedViewLock(viewer, async (db, owner) => {
    const names = await visibleSavedViews(viewer, db).select("name").execute();
    if (names.length >= savedViewsMax && !names.some((one) => one.name === name)) {
      throw new HttpError(409, "too_many_views", `You can save ${savedViewsMax} views: delete one first`);
    }
    if (isDefault) await clearDefault(viewer, db);
    await db
      .insertInto("saved_views")
      .values({ ...owner, name, query, is_default: isDefault === "true" })
      .onConflict((conflict) =>
        conflict
          .constraint("saved_views_name_unique")
          .doUpdateSet(isDefault ? { query, is_default: true } : { query }),
      )
      .execute();
  });
  return query;
}
