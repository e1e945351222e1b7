import { sql } from "kysely";
import type { Question } from "../question";
import { parameter } from "../statement";
import { Viewer } from "../viewer";
import { tidyCounts } from "./counts";
import type { Trouble } from "./in-trouble";
import { beginPage, depthOf, pageOf, totalOf } from "./page";
import { type ListBatchJobsQuery, pageSizeDefault, pageSizeMax } from "./schema";
import { type BatchJobRow, batchJobColumns, jobsAsJson } from "./serialize";
import { batchJobStatuses } from "./status";

/** No range has so many jobs, unless somebody wrote much in a moment when ranges could not be cut. */
const skippedFarMin = 100_000;

const offsetOf = ({ page, pageSize }: ListBatchJobsQuery) => (page - 1) * pageSize;

/**
 * One page of an organization's batch jobs, newest first, and how many match on all pages. Ordered by
 * `createdAt`, then `id`, both descending: total, so that a walk over the pages sees each row once.
 * Rows and total come from one statement, hence one snapshot. A page past the end has no rows and the
 * true total.
 *
 * @param trouble only jobs that are in this one: for the page, as the API knows no such parameter. These are counted
 *   and skipped one by one.
 * @throws Refusal 403 when the query names another organization than the viewer's.
 */
export async function listBatchJobs(
  viewer: Viewer,
  query: ListBatchJobsQuery,
  trouble?: Trouble,
): Promise<{ batchJobs: BatchJobRow[]; total: number }> {
  viewer.mustBeOf(query.organizationId);
  const depth = depthOf(offsetOf(query), trouble);
  const wanted = { ...query, trouble };
  // The total is one row even when the page has none, so an empty page still knows it.
  const rows = await beginPage(viewer, wanted, depth, sql.val(offsetOf(query)))
    .selectFrom(totalOf(viewer, wanted).as("counted"))
    .leftJoin(pageOf(viewer, wanted, depth).as("page"), (join) => join.onTrue())
    .select("counted.total")
    .select(batchJobColumns.map((column) => `page.${column}` as const))
    .orderBy("page.created_at", "desc")
    .orderBy("page.id", "desc")
    .execute();
  const batchJobs = rows.filter((row): row is typeof row & BatchJobRow => row.id !== null);
  return { batchJobs, total: rows[0]?.total ?? 0 };
}

/** A page as listBatchJobs gives it, its jobs as the contract writes them in JSON, parted by commas. */
export interface BatchJobsJson {
  jobs: string;
  total: number;
}

/** What is asked for the bearer of a key; the same statement for all pages of a size and filter at one depth. */
function questionOf(query: ListBatchJobsQuery): Question<BatchJobsJson & { skip: string | null }> {
  const depth = depthOf(offsetOf(query));
  // In one order, so that no more statements are kept than there are sets of statuses.
  const status = batchJobStatuses.filter((one) => query.status.includes(one));
  const wanted = { status, pageSize: query.pageSize };
  return {
    organizationId: query.organizationId,
    shape: `batch jobs, ${depth}, ${wanted.pageSize}, ${status}`,
    isCommon:
      (depth === "first" && query.pageSize === pageSizeDefault) ||
      (status.length < 2 && [pageSizeDefault, pageSizeMax].includes(query.pageSize)),
    values: { offset: offsetOf(query) },
    columns: ["jobs", "total", "skip"],
    answer: (viewer) =>
      beginPage(viewer, wanted, depth, parameter("offset"))
        .selectFrom(totalOf(viewer, wanted).as("counted"))
        .select(["total", jobsAsJson(pageOf(viewer, wanted, depth)).as("jobs")])
        .select(sql<string | null>`${depth === "deep" ? sql`(select skip from place)` : null}`.as("skip")),
  };
}

/**
 * The same page for the bearer of an API key, in one round trip with the proof of who asks.
 *
 * @throws Refusal: see Viewer.askByApiKey.
 */
export async function listBatchJobsByApiKey(
  headers: Headers,
  query: ListBatchJobsQuery,
): Promise<BatchJobsJson> {
  const { viewer, answer } = await Viewer.askByApiKey(headers, questionOf(query));
  if (Number(answer.skip) > skippedFarMin) tidyCounts(viewer);
  return answer;
}
