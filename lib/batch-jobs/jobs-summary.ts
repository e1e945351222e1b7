import { type SelectQueryBuilder, sql } from "kysely";
import { z } from "zod";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { visibleContacts } from "../contacts/visible";
import { database } from "../database/database";
import { identifierPattern } from "../format/text";
import { isStalled, withHealthProblem } from "./conditions";
import { countJobsByStatus } from "./counts";
import { newJobsMax } from "./displayed-job";
import { filteredColumns, searchConditions, withFilters } from "./filter";
import { healthProblemsMax } from "./health";
import { isCounted, PageParameters, pageSizeMax, sortDefault } from "./schema";
import { type BatchJobRow, batchJobColumns } from "./serialize";
import { batchJobStatuses, type StatusCounts } from "./status";
import { hasNotStarted, visibleBatchJobs, withStatus } from "./visible";

/** How many of the oldest running jobs are checked: no index says which of them are stalled. */
const runningCheckedMax = healthProblemsMax + 1;

/** How many new jobs are compared with the filters of an open page. */
const newCheckedMax = 5_000;

/** The state of all jobs of an organization. */
export interface JobsSummary {
  counts: StatusCounts;
  /** The number of overdue jobs, at most `healthProblemsMax` + 1. */
  overdue: number;
  /** The number of stalled jobs, at most `healthProblemsMax` + 1. */
  stalled: number;
  /** The next job to start, and when. */
  nextId: string | null;
  nextStart: Date | null;
  /** The database's clock. */
  asOf: Date;
}

/** Counts rows, but stops after `max` + 1 of them. */
function countUpTo(max: number, rows: SelectQueryBuilder<Database, "batch_jobs", object>) {
  const bounded = rows.select(sql`1`.as("one")).limit(max + 1);
  return sql<number>`(select count(*)::int from ${bounded.as("bounded")})`;
}

function selectSummary(viewer: Viewer) {
  const jobs = visibleBatchJobs(viewer.scope);
  const next = jobs
    .where(hasNotStarted)
    .where("scheduled_start_time", ">", sql<Date>`now()`)
    .select(["id", "scheduled_start_time"])
    .orderBy("scheduled_start_time")
    .limit(1);
  const oldestRunning = jobs
    .where("status", "=", "running")
    .orderBy("created_at")
    .orderBy("id")
    .limit(sql.lit(runningCheckedMax))
    .select(["id", "has_contacts", "updated_at", "actual_start_time"]);
  const stalled = database().selectFrom(oldestRunning.as("batch_jobs")).where(isStalled(viewer.scope));
  return database()
    .selectFrom(countJobsByStatus(viewer.scope).as("counts"))
    .leftJoin(next.as("next"), (join) => join.onTrue())
    .select(batchJobStatuses)
    .select([
      countUpTo(healthProblemsMax, withHealthProblem(viewer.scope, jobs, "overdue")).as("overdue"),
      countUpTo(healthProblemsMax, stalled).as("stalled"),
      "next.id as nextId",
      "next.scheduled_start_time as nextStart",
      sql<Date>`now()`.as("asOf"),
    ]);
}

/** A row of selectSummary. */
function toSummary(row: StatusCounts & Omit<JobsSummary, "counts">): JobsSummary {
  const { overdue, stalled, nextId, nextStart, asOf } = row;
  const counts = Object.fromEntries(batchJobStatuses.map((status) => [status, row[status]])) as StatusCounts;
  return { counts, overdue, stalled, nextId, nextStart, asOf };
}

export async function getJobsSummary(viewer: Viewer): Promise<JobsSummary> {
  return toSummary(await selectSummary(viewer).executeTakeFirstOrThrow());
}

/** The query with which an open jobs page refreshes itself: its filters, and the jobs that it shows. */
export const RefreshQuery = PageParameters.omit({ page: true, pageSize: true, sort: true }).extend({
  /** The jobs on the page. */
  ids: z
    .array(z.string())
    .transform((values) => values.flatMap((value) => value.split(",")).filter((id) => id !== ""))
    .pipe(z.array(z.string().regex(identifierPattern)).max(pageSizeMax))
    .default([]),
  /** Jobs created later are new to the page. */
  since: z.array(z.iso.datetime()).length(1),
});
export type RefreshQuery = z.infer<typeof RefreshQuery>;

/** The jobs among the newest of these that match all filters. */
function selectMatching(viewer: Viewer, newer: ReturnType<typeof visibleBatchJobs>, query: RefreshQuery) {
  const newest = newer.orderBy("created_at", "desc").limit(sql.lit(newCheckedMax)).select(filteredColumns);
  const jobs = withFilters(viewer.scope, database().selectFrom(newest.as("batch_jobs")), query);
  const { q } = query;
  if (q === undefined) return jobs;
  // For each job by index, as there are few new ones. PostgreSQL may answer EXISTS by reading the contacts of all jobs.
  const hasContact = (phoneNumber: string) =>
    sql<boolean>`(has_contacts and (${visibleContacts(viewer.scope, sql.ref("batch_jobs.id"))
      .where("phone_number", "=", phoneNumber)
      .select(sql.lit(true).as("is"))
      .limit(sql.lit(1))}) is true)`;
  const conditions = [sql<boolean>`id = ${q}`, ...searchConditions(q, hasContact)];
  return jobs.where(({ or }) => or(conditions));
}

/**
 * The current state of an open page's jobs, and of all jobs, in one statement. Its cost does not grow with the
 * organization: what has no stored count is only counted up to a bound.
 *
 * @throws HttpError 403 when the query names another organization than the viewer's.
 */
export async function refreshBatchJobs(
  viewer: Viewer,
  query: RefreshQuery,
): Promise<JobsSummary & { jobs: BatchJobRow[]; newJobs: number }> {
  viewer.requireOrganization(query.organizationId);
  const jobs = visibleBatchJobs(viewer.scope);
  const shown = jobs.where("id", "=", sql<string>`any(${query.ids}::text[])`).select(batchJobColumns);
  const since = new Date(query.since[0] ?? "");
  const newer = jobs.where("created_at", ">", since);
  const isFiltered = query.problem !== undefined || !isCounted({ ...query, sort: sortDefault });
  const matching = isFiltered ? selectMatching(viewer, newer, query) : withStatus(newer, query.status);
  const rows = await database()
    .with("summary", () => selectSummary(viewer).select(countUpTo(newJobsMax, matching).as("newJobs")))
    .selectFrom("summary")
    .leftJoin(shown.as("shown"), (join) => join.onTrue())
    .select(["overdue", "stalled", "nextId", "nextStart", "asOf", "newJobs", ...batchJobStatuses])
    .select(batchJobColumns.map((column) => `shown.${column}` as const))
    .execute();

  const [first] = rows;
  if (!first) throw new Error("The statement gives at least one row");
  const shownRows = rows.filter((row): row is typeof row & BatchJobRow => row.id !== null);
  return { ...toSummary(first), jobs: shownRows, newJobs: first.newJobs };
}
