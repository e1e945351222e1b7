import type { SelectQueryBuilder } from "kysely";
import type { Database } from "@/db/schema";
import { database } from "../database";
import type { Viewer } from "../viewer";
import { inTrouble, type Trouble } from "./in-trouble";
import type { BatchJobStatus, ListBatchJobsQuery } from "./schema";
import { type BatchJobRow, batchJobColumns } from "./serialize";

/**
 * Where every query of batch jobs starts: the rows this viewer may see. No other function names the
 * table for reading.
 *
 * @param db a transaction, to read inside of it.
 */
export function visibleBatchJobs(viewer: Viewer, db = database()) {
  return db.selectFrom("batch_jobs").where("organization_id", "=", viewer.organizationId);
}

/** Those of the jobs that have one of the statuses; none named means any. */
export function withStatus<O>(
  jobs: SelectQueryBuilder<Database, "batch_jobs", O>,
  statuses: BatchJobStatus[],
) {
  const [only, ...others] = statuses;
  if (only === undefined) return jobs;
  // "=" and not "in" for the one status: its index then gives the rows in order.
  return others.length === 0 ? jobs.where("status", "=", only) : jobs.where("status", "in", statuses);
}

/**
 * One page of an organization's batch jobs, newest first, and how many match on all pages. Ordered by
 * `createdAt`, then `id`, both descending: total, so that a walk over the pages sees each row once.
 * Rows and total come from one statement, hence one snapshot. A page past the end has no rows and the
 * true total.
 *
 * @param trouble only jobs that are in this one: for the page, as the API knows no such parameter.
 * @throws Refusal 403 when the query names another organization than the viewer's.
 */
export async function listBatchJobs(
  viewer: Viewer,
  query: ListBatchJobsQuery,
  trouble?: Trouble,
): Promise<{ batchJobs: BatchJobRow[]; total: number }> {
  viewer.mustBeOf(query.organizationId);
  const visible = visibleBatchJobs(viewer);
  const matching = withStatus(trouble ? inTrouble[trouble](visible) : visible, query.status);
  // The ids first, which are in the index: to skip whole rows would cost thirty times as much.
  const ids = matching
    .select("id")
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(query.pageSize)
    .offset((query.page - 1) * query.pageSize);
  const page = visibleBatchJobs(viewer).where("id", "in", ids).select(batchJobColumns).as("page");
  const counted = matching.select(({ fn }) => fn.countAll<string>().as("total")).as("counted");

  // The count is one row even when the page has none, so an empty page still knows its total.
  const rows = await database()
    .selectFrom(counted)
    .leftJoin(page, (join) => join.onTrue())
    .select("counted.total")
    .select(batchJobColumns.map((column) => `page.${column}` as const))
    .orderBy("page.created_at", "desc")
    .orderBy("page.id", "desc")
    .execute();
  const batchJobs = rows.filter((row): row is typeof row & BatchJobRow => row.id !== null);
  return { batchJobs, total: Number(rows[0]?.total) };
}
