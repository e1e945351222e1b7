import { type AliasableExpression, type Expression, type QueryCreator, type RawBuilder, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { OrganizationScope } from "../access/viewer";
import { database } from "../database/database";
import { withHealthProblem } from "./conditions";
import { countJobs, seekByCounts } from "./counts";
import type { HealthProblem } from "./health";
import type { ListBatchJobsQuery } from "./schema";
import { type BatchJobRow, batchJobColumns } from "./serialize";
import { newestFirst, type StatusOrParameter, visibleBatchJobs, withStatus } from "./visible";

/** Up to this offset, skipping rows costs less than looking up the counts. */
const nearOffsetMax = 2_000;

type Filter = Pick<ListBatchJobsQuery, "pageSize"> & {
  status: readonly StatusOrParameter[];
  problem?: HealthProblem;
};
/** How a page's start is found: a near page's by skipping rows, a deep page's by the stored counts. */
type Depth = "first" | "near" | "deep";

export function depthOf(offset: number, problem?: HealthProblem): Depth {
  if (offset === 0) return "first";
  return problem || offset <= nearOffsetMax ? "near" : "deep";
}

function matchingJobs(scope: OrganizationScope, { problem }: Filter) {
  const jobs = visibleBatchJobs(scope);
  return problem ? withHealthProblem(scope, jobs, problem) : jobs;
}

/** How many jobs match: from the stored counts, which do not know health problems. */
export function selectTotal(scope: OrganizationScope, filter: Filter) {
  return filter.problem
    ? withStatus(matchingJobs(scope, filter), filter.status).select(sql<number>`count(*)::int`.as("total"))
    : countJobs(scope, filter.status);
}

/**
 * A slice of the list. With several statuses, each one's index is read in order and the results are merged: reading all
 * jobs in order would also read those between two matches.
 */
function slice<C extends (typeof batchJobColumns)[number]>(
  jobs: ReturnType<typeof visibleBatchJobs>,
  statuses: readonly StatusOrParameter[],
  columns: readonly C[],
  limit: number,
  skip?: Expression<number>,
): AliasableExpression<Pick<BatchJobRow, C>> {
  const select = (some: readonly StatusOrParameter[]) =>
    withStatus(jobs, some).orderBy(newestFirst("batch_jobs")).select(columns);
  const offset = skip ?? sql.lit(0);
  // A literal limit, as PostgreSQL's generic plan would expect many rows for a parameter.
  if (statuses.length < 2) return sql`(${select(statuses).limit(sql.lit(limit)).offset(offset)})`;
  // Without a limit of its own, each status would be read and sorted whole.
  const limitOfEach = skip ? sql<number>`${skip}::bigint + ${sql.lit(limit)}` : sql.lit(limit);
  const each = statuses.map((status) => sql`(${select([status]).limit(limitOfEach)})`);
  return sql`(
    select ${sql.join(columns.map((column) => sql.ref(column)))}
    from (${sql.join(each, sql` union all `)}) as merged
    order by ${newestFirst("merged")}
    limit ${sql.lit(limit)} offset ${offset}
  )`;
}

/**
 * Starts a page's statement with the common table expressions that find its first job. Their index-only scan skips a job
 * thirty times faster than reading its row.
 *
 * @param offset how many matching jobs come before the page.
 */
export function withPageStart(
  scope: OrganizationScope,
  filter: Filter,
  depth: Depth,
  offset: Expression<number>,
): QueryCreator<Database> {
  if (depth === "first") return database();
  const jobs = matchingJobs(scope, filter);
  const key = ["created_at", "id"] as const;
  if (depth === "near") {
    return database().with("first_job", () => slice(jobs, filter.status, key, 1, offset));
  }
  const isBeforeSeek = sql<boolean>`created_at < (select created_before from seek)`;
  const skip: RawBuilder<number> = sql`(select skip from seek)`;
  return database()
    .with("seek", () => seekByCounts(scope, filter.status, offset))
    .with("first_job", () => slice(jobs.where(isBeforeSeek), filter.status, key, 1, skip));
}

/** The page's jobs, in a statement from withPageStart. An index returns them in order. */
export function selectPage(
  scope: OrganizationScope,
  filter: Filter,
  depth: Depth,
): AliasableExpression<BatchJobRow> {
  const jobs = matchingJobs(scope, filter);
  const isFromFirst = sql<boolean>`(created_at, id) <= (select created_at, id from first_job)`;
  const pageJobs = depth === "first" ? jobs : jobs.where(isFromFirst);
  return slice(pageJobs, filter.status, batchJobColumns, filter.pageSize);
}
