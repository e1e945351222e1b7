import type { Viewer } from "../access/viewer";
import { visibleJobViews } from "./visible";

export interface JobView {
  id: string;
  name: string;
  /** The filters and the order, as in the jobs page's address. */
  query: string;
  /** Whether the jobs page opens with it. */
  isDefault: boolean;
}

/** The person's own views, oldest first. */
export function listJobViews(viewer: Viewer): Promise<JobView[]> {
  return visibleJobViews(viewer)
    .select(["id", "name", "query", "is_default as isDefault"])
    .orderBy("created_at")
    .orderBy("id")
    .execute();
}

export function findDefaultJobView(viewer: Viewer): Promise<Pick<JobView, "query"> | undefined> {
  return visibleJobViews(viewer).where("is_default", "=", true).select("query").executeTakeFirst();
}
