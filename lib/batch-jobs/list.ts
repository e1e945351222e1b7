import { sql } from "kysely";
import { organizationForbidden } from "../access/permissions";
import { runByApiKey } from "../access/run-by-api-key";
import { bearerScope, type Viewer } from "../access/viewer";
import { withBearer } from "../api-keys/bearer";
import { parameter } from "../database/cached-statement";
import type { JobsQuery } from "./address";
import { depthOf, selectPage, selectTotal, withPageStart } from "./page";
import { type ListBatchJobsQuery, pageSizeDefault, pageSizeMax } from "./schema";
import { type BatchJobRow, batchJobColumns, jobsAsJson } from "./serialize";
import { batchJobStatuses } from "./status";
import { newestFirst } from "./visible";

const offsetOf = ({ page, pageSize }: ListBatchJobsQuery) => (page - 1) * pageSize;

/**
 * One page of an organization's batch jobs, newest first, and how many match on all pages, in one statement and
 * therefore one snapshot. A page past the end has no rows and the correct total. Jobs with a health problem have no stored count and are counted one by one.
 *
 * @throws HttpError 403 when the query names another organization than the viewer's.
 */
export async function listBatchJobs(
  viewer: Viewer,
  query: JobsQuery,
): Promise<{ batchJobs: BatchJobRow[]; total: number }> {
  viewer.require("readBatchJobs");
  viewer.requireOrganization(query.organizationId);
  const depth = depthOf(offsetOf(query), query.problem);
  // The total is joined from the left, as a page may have no rows.
  const rows = await withPageStart(viewer.scope, query, depth, sql.val(offsetOf(query)))
    .selectFrom(selectTotal(viewer.scope, query).as("counts"))
    .leftJoin(selectPage(viewer.scope, query, depth).as("page"), (join) => join.onTrue())
    .select("counts.total")
    .select(batchJobColumns.map((column) => `page.${column}` as const))
    .orderBy(newestFirst("page"))
    .execute();
  const batchJobs = rows.filter((row): row is typeof row & BatchJobRow => row.id !== null);
  return { batchJobs, total: rows[0]?.total ?? 0 };
}

/**
 * The same page for an API key, authenticated by the statement that reads the page.
 *
 * @returns the jobs from jobsAsJson.
 * @throws HttpError 401 without a usable key, 403 without the scope read or for another organization than the key's, 429 with `Retry-After`.
 */
export async function listBatchJobsByApiKey(
  headers: Headers,
  query: ListBatchJobsQuery,
): Promise<{ jobs: string; total: number }> {
  const depth = depthOf(offsetOf(query));
  // In a fixed order, so that each set of statuses has one cached statement.
  const status = batchJobStatuses.filter((one) => query.status.includes(one));
  const filter = { status, pageSize: query.pageSize };
  const isPrepared =
    (depth === "first" && query.pageSize === pageSizeDefault) ||
    (status.length < 2 && [pageSizeDefault, pageSizeMax].includes(query.pageSize));
  const buildStatement = () =>
    withBearer<{ jobs: string; total: number }>(
      withPageStart(bearerScope, filter, depth, parameter("offset"))
        .selectFrom(selectTotal(bearerScope, filter).as("counts"))
        .select(["total", jobsAsJson(selectPage(bearerScope, filter, depth)).as("jobs")]),
      ["jobs", "total"],
    );
  const found = await runByApiKey(
    headers,
    "readBatchJobs",
    { name: `batch jobs, ${depth}, ${filter.pageSize}, ${status}`, isPrepared },
    buildStatement,
    { organizationId: query.organizationId, offset: offsetOf(query) },
  );
  if (found.organization_id !== query.organizationId) throw organizationForbidden;
  return found;
}
