import { sql } from "kysely";
import { organizationForbidden } from "../access/permissions";
import { bearerScope, Viewer } from "../access/viewer";
import { bearerHash, invalidApiKey, recordUse, withBearer } from "../api-keys/bearer";
import { isThrottling } from "../api-keys/throttle";
import { parameter, runCached } from "../database/cached-statement";
import type { JobsQuery } from "./address";
import { beginPage, depthOf, pageOf, totalOf } from "./page";
import { type ListBatchJobsQuery, pageSizeDefault, pageSizeMax } from "./schema";
import { type BatchJobRow, batchJobColumns, jobsAsJson } from "./serialize";
import { batchJobStatuses } from "./status";
import { newestFirst } from "./visible";

const offsetOf = ({ page, pageSize }: ListBatchJobsQuery) => (page - 1) * pageSize;

/**
 * One page of an organization's batch jobs, newest first, and how many match on all pages. Rows and total come from
 * one statement, hence one snapshot. A page past the end has no rows and the true total.
 *
 * @throws HttpError 403 when the query names another organization than the viewer's.
 */
export async function listBatchJobs(
  viewer: Viewer,
  query: JobsQuery,
): Promise<{ batchJobs: BatchJobRow[]; total: number }> {
  viewer.requireOrganization(query.organizationId);
  const depth = depthOf(offsetOf(query), query.trouble);
  // The total is one row even when the page has none, so an empty page still knows it.
  const rows = await beginPage(viewer.scope, query, depth, sql.val(offsetOf(query)))
    .selectFrom(totalOf(viewer.scope, query).as("counted"))
    .leftJoin(pageOf(viewer.scope, query, depth).as("page"), (join) => join.onTrue())
    .select("counted.total")
    .select(batchJobColumns.map((column) => `page.${column}` as const))
    .orderBy(newestFirst("page"))
    .execute();
  const batchJobs = rows.filter((row): row is typeof row & BatchJobRow => row.id !== null);
  return { batchJobs, total: rows[0]?.total ?? 0 };
}

/** A page as listBatchJobs gives it, its jobs as the contract writes them in JSON, separated by commas. */
export interface BatchJobsJson {
  jobs: string;
  total: number;
}

/**
 * The same page for the bearer of an API key: one statement proves the key and reads the page. With a rate limit the
 * key is looked up first, so that one that asks too often costs no more than that.
 *
 * @throws HttpError 401 without a usable key, 403 for another organization than the key's, 429 with `Retry-After`.
 */
export async function listBatchJobsByApiKey(
  headers: Headers,
  query: ListBatchJobsQuery,
): Promise<BatchJobsJson> {
  const keyHash = bearerHash(headers);
  if (isThrottling()) (await Viewer.fromApiKey(headers)).requireOrganization(query.organizationId);

  const depth = depthOf(offsetOf(query));
  // In one order, so that no more statements are cached than there are sets of statuses.
  const status = batchJobStatuses.filter((one) => query.status.includes(one));
  const wanted = { status, pageSize: query.pageSize };
  const isPrepared =
    (depth === "first" && query.pageSize === pageSizeDefault) ||
    (status.length < 2 && [pageSizeDefault, pageSizeMax].includes(query.pageSize));
  const buildStatement = () =>
    withBearer<BatchJobsJson>(
      beginPage(bearerScope, wanted, depth, parameter("offset"))
        .selectFrom(totalOf(bearerScope, wanted).as("counted"))
        .select(["total", jobsAsJson(pageOf(bearerScope, wanted, depth)).as("jobs")]),
      ["jobs", "total"],
    );
  const [found] = await runCached(
    { name: `batch jobs, ${depth}, ${wanted.pageSize}, ${status}`, isPrepared },
    buildStatement,
    { keyHash, organizationId: query.organizationId, offset: offsetOf(query) },
  );

  if (!found) throw invalidApiKey;
  if (!isThrottling()) recordUse(found);
  if (found.organization_id !== query.organizationId) throw organizationForbidden;
  return found;
}
