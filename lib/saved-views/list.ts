import type { Viewer } from "../access/viewer";
import { visibleSavedViews } from "./visible";

export interface SavedView {
  id: string;
  name: string;
  /** The filters and the order, as in the jobs page's address. */
  query: string;
  /** Whether the jobs page opens with it. */
  isDefault: boolean;
}

/** The person's own views, oldest first. */
export function listSavedViews(viewer: Viewer): Promise<SavedView[]> {
  return visibleSavedViews(viewer)
    .select(["id", "name", "query", "is_default as isDefault"])
    .orderBy("created_at")
    .orderBy("id")
    .execute();
}

export function findDefaultSavedView(viewer: Viewer): Promise<Pick<SavedView, "query"> | undefined> {
  return visibleSavedViews(viewer).where("is_default", "=", true).select("query").executeTakeFirst();
}
