import type { Viewer } from "../access/viewer";
import { database } from "../database/database";

/** The views that the person has saved in the viewer's organization. No other function reads from the table. */
export function visibleSavedViews(viewer: Viewer, db = database()) {
  viewer.require("viewSettings");
  return db
    .selectFrom("saved_views")
    .where("organization_id", "=", viewer.organizationId)
    .where("user_id", "=", viewer.personId);
}
