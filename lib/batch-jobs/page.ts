import { type AliasableExpression, type Expression, type QueryCreator, type RawBuilder, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Scope } from "../access/viewer";
import { database } from "../database/database";
import type { JobsQuery } from "./address";
import { countJobs, placeOf } from "./counts";
import { type HealthProblem, withHealthProblem } from "./health-filter";
import { type BatchJobRow, batchJobColumns } from "./serialize";
import type { BatchJobStatus } from "./status";
import { newestFirst, orderColumns, visibleBatchJobs, withStatus } from "./visible";

/** Up to here to skip costs less than to look up where a page begins. */
const skippedMax = 2_000;

/** Which jobs, however many pages they have. */
export type Wanted = Pick<JobsQuery, "status" | "pageSize" | "trouble">;
/** How a page is found: the first as it is, a near one by skipping, a deep one by the kept counts. */
export type Depth = "first" | "near" | "deep";

export function depthOf(offset: number, trouble?: HealthProblem): Depth {
  if (offset === 0) return "first";
  // What is in trouble is in no kept count.
  return trouble || offset <= skippedMax ? "near" : "deep";
}

function matching(scope: Scope, { trouble }: Wanted) {
  const visible = visibleBatchJobs(scope);
  return trouble ? withHealthProblem[trouble](visible) : visible;
}

/** How many jobs match, in one row: kept, but for those in trouble. */
export function totalOf(scope: Scope, wanted: Wanted) {
  return wanted.trouble
    ? withStatus(matching(scope, wanted), wanted.status).select(sql<number>`count(*)::int`.as("total"))
    : countJobs(scope, wanted.status);
}

/**
 * Some jobs in the list's order. Those of several statuses are read in the order of each one's index and merged: to
 * read all in order and leave out the others would cost as many rows as lie between two that match.
 */
function slice<C extends (typeof batchJobColumns)[number]>(
  jobs: ReturnType<typeof visibleBatchJobs>,
  statuses: BatchJobStatus[],
  columns: readonly C[],
  limit: number,
  skip?: Expression<number>,
): AliasableExpression<Pick<BatchJobRow, C>> {
  const select = (of: BatchJobStatus[]) => withStatus(jobs, of).orderBy(newestFirst()).select(columns);
  // The limit stands in the text: for any number of rows the database would plan as for many.
  if (statuses.length < 2)
    return sql`(${select(statuses)
      .limit(sql.lit(limit))
      .offset(skip ?? none)})`;
  // So many of each are enough; without saying so, each would be read and sorted whole.
  const enough = skip ? sql<number>`${skip}::bigint + ${sql.lit(limit)}` : sql.lit(limit);
  const each = statuses.map((status) => sql`(${select([status]).limit(enough)})`);
  return sql`(
    select ${sql.join(columns.map((column) => sql.ref(column)))}
    from (${sql.join(each, sql` union all `)}) as merged
    order by ${newestFirst("merged")}
    limit ${sql.lit(limit)} offset ${skip ?? none}
  )`;
}

const none = sql.lit(0);
const beforePlace = sql<boolean>`created_at < (select created_before from place)`;
const order = sql.join(orderColumns.map((column) => sql.ref(column)));
const fromFirst = sql<boolean>`(${order}) <= (select ${order} from first)`;

/**
 * Begins the statement of a page. But for the first page it needs the key of its `first` job: that is found in an
 * index alone, where to skip a job costs a thirtieth of skipping its row; for a deep page from its `place` on.
 *
 * @param offset how many matching jobs come before the page.
 */
export function beginPage(
  scope: Scope,
  wanted: Wanted,
  depth: Depth,
  offset: Expression<number>,
): QueryCreator<Database> {
  if (depth === "first") return database();
  const jobs = matching(scope, wanted);
  if (depth === "near") {
    return database().with("first", () => slice(jobs, wanted.status, orderColumns, 1, offset));
  }
  const skip: RawBuilder<number> = sql`(select skip from place)`;
  return database()
    .with("place", () => placeOf(scope, wanted.status, offset))
    .with("first", () => slice(jobs.where(beforePlace), wanted.status, orderColumns, 1, skip));
}

/** The jobs of a page, in a statement from beginPage. At any depth an index gives them in order: nothing is sorted. */
export function pageOf(scope: Scope, wanted: Wanted, depth: Depth): AliasableExpression<BatchJobRow> {
  const jobs = matching(scope, wanted);
  const there = depth === "first" ? jobs : jobs.where(fromFirst);
  return slice(there, wanted.status, batchJobColumns, wanted.pageSize);
}
