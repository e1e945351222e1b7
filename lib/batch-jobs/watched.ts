import { sql } from "kysely";
import type { z } from "zod";
import type { Viewer } from "../access/viewer";
import { RefreshQuery } from "./jobs-summary";
import type { BatchJobStatus } from "./status";
import { visibleBatchJobs } from "./visible";

/** The query with which a browser asks for the jobs that someone watches in it. */
export const WatchedQuery = RefreshQuery.pick({ organizationId: true, ids: true });

export interface WatchedJob {
  id: string;
  name: string;
  status: BatchJobStatus;
}

/**
 * The jobs with these ids, without those that do not exist.
 *
 * @throws HttpError 403 when the query names another organization than the viewer's.
 */
export async function listWatchedJobs(
  viewer: Viewer,
  query: z.infer<typeof WatchedQuery>,
): Promise<WatchedJob[]> {
  viewer.require("readBatchJobs");
  viewer.requireOrganization(query.organizationId);
  return visibleBatchJobs(viewer.scope)
    .where("id", "=", sql<string>`any(${query.ids}::text[])`)
    .select(["id", "name", "status"])
    .execute();
}
