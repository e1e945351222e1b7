import { type RawBuilder, sql } from "kysely";
import type { OrganizationScope, Viewer } from "../access/viewer";
import { database } from "../database/database";
import { findActivity } from "./activity";
import type { JobsQuery } from "./address";
import { countJobs, countJobsByStatus } from "./counts";
import type { Position } from "./cursor";
import { healthOf, type JobActivity, progressOf } from "./health";
import { depthOf, selectPage, withPageStart } from "./page";
import { filterNames, type Included, isCounted, rangeFields, rangeNames } from "./schema";
import { type BatchJobRow, batchJobColumns, jobAsJson, serializeHealth } from "./serialize";
import {
  fieldOf,
  isAfter,
  jobsWithPhoneNumber,
  keyColumns,
  rowPlace,
  type SortedKey,
  selectKeys,
  sortedOrder,
} from "./sorted-keys";
import { type BatchJobStatus, batchJobStatuses, type StatusCounts } from "./status";
import { visibleBatchJobs } from "./visible";
import {
  isWatermark,
  requireSameDatabase,
  type Snapshot,
  snapshotNextXid,
  snapshotWatermark,
} from "./watermark";

/** Jobs for which there is no stored count are counted up to this number. */
export const countedMax = 10_000;

/** The limit for lists with a range of time that are sorted by name or last change: sorting more jobs is still cheaper there. */
const sortedMax = 50_000;

/**
 * How many jobs of a list with a range of one time, sorted by another, are read in the list's order, matching or not,
 * before all jobs of the range are read instead. These can be far from the beginning of the list.
 */
const readFirstMax = 20_000;

/** Whether the list has a range of another field than it is sorted by. */
function hasOtherRange(query: JobsQuery): boolean {
  return rangeNames.some(
    (name) =>
      rangeFields[name] !== fieldOf(query.sort) && (query[`${name}From`] ?? query[`${name}To`]) !== undefined,
  );
}

/** Whether the list is sorted by a time that the indexes of all times have. */
const isSortedByTime = ({ sort }: JobsQuery) =>
  Object.values(rangeFields).some((field) => field === fieldOf(sort));

interface SearchOptions {
  /** How many jobs at most. */
  limit: number;
  /** How many of the first jobs to leave out. */
  skip?: number;
  /** The job after which to begin. */
  after?: Position;
  hasTotal?: boolean;
  include?: Included[];
}

/** A job, its JSON as in the API, and its place in the order. */
type FoundJob = BatchJobRow & SortedKey & { json: string };

export interface Found extends Snapshot {
  jobs: FoundJob[];
  /** The number of jobs on all pages: countedMax when it is not exact, null when it was not asked for. */
  total: number | null;
  isTotalExact: boolean;
  /** The number of jobs with each status that match the other filters; null when these are more than countedMax. */
  statusCounts?: StatusCounts | null;
  /** The database's clock. */
  now: Date;
}

/** The position of a job. @param watermark of the walk's first page. */
export function positionAfter({ rank, key, id }: FoundJob, watermark: string): Position {
  return { rank, key: key instanceof Date ? key.toISOString() : key, id, watermark };
}

/** Whether the stored counts say how many jobs match. */
function isCountStored(query: JobsQuery): boolean {
  return query.problem === undefined && filterNames.every((name) => query[name] === undefined);
}

/**
 * Finds jobs by any filter and in any order, in one statement and therefore one snapshot.
 *
 * There are two ways to a page, and PostgreSQL's planner cannot tell which one is quick. If few jobs match, the index of a
 * filter finds them, and they are sorted. If many do, the index of the order has the page's jobs near its beginning. So a
 * limited number of matching jobs is read first, which also counts them.
 *
 * @throws HttpError 403 when the query names another organization than the viewer's, 400 when its watermark is one of
 *   another database.
 */
export async function searchBatchJobs(
  viewer: Viewer,
  query: JobsQuery,
  options: SearchOptions,
): Promise<Found> {
  viewer.requireOrganization(query.organizationId);
  const { scope } = viewer;
  const { sort } = query;
  const { limit, skip = 0, after, hasTotal = true, include = [] } = options;
  const isStored = isCountStored(query);

  const page = (keys: RawBuilder<unknown>, where = sql`true`) => sql`(
    select ${keyColumns} from ${keys} as keys where ${where} order by ${sortedOrder(sort, "keys")}
    limit ${sql.lit(limit)} offset ${sql.lit(skip)}
  )`;
  const isNext = after ? isAfter(sort, after) : sql`true`;
  const isRangeRead = hasOtherRange(query) && isSortedByTime(query);
  const isPage = isCounted(query) && !after && !query.problem;
  const byOrder = (where?: RawBuilder<boolean>) => {
    if (isPage) return selectCountedPage(viewer, query, { limit, skip });
    const wanted = limit + skip;
    if (!isRangeRead) return page(selectKeys(scope, query, { where, limit: wanted, after }));
    const isFound = sql<boolean>`(select count(*) from first_read) = ${sql.lit(wanted)}`;
    const all = selectKeys(scope, query, { where: sql`not ${isFound} and ${where ?? sql`true`}` });
    return sql`(
      with first_read as materialized (
        select ${keyColumns} from ${selectKeys(scope, query, { where, limit: wanted, after, readMax: readFirstMax })} as keys
        order by ${sortedOrder(sort, "keys")} limit ${sql.lit(wanted)}
      )
      ${page(sql`(select ${keyColumns} from first_read where ${isFound})`)}
      union all
      ${page(sql`(select ${keyColumns} from ${all} as keys offset 0)`, isNext)}
    )`;
  };
  const gatheredMax = hasOtherRange(query) && !isRangeRead ? sortedMax : countedMax;
  const fitsInMemory = sql<boolean>`(select total from counted) <= ${sql.lit(gatheredMax)}`;

  const counted = isStored
    ? countJobs(scope, query.status)
    : sql`(select count(*)::int as total from gathered)`;
  const commonTables = !hasTotal
    ? sql`counted as (select null::int as total), found as ${byOrder()}`
    : isStored
      ? sql`counted as (${counted}), found as ${byOrder()}`
      : sql`
        gathered as materialized (
          select ${keyColumns}, status from ${selectKeys(scope, query)} as keys limit ${sql.lit(gatheredMax + 1)}
        ), counted as ${counted}, found as (
          ${page(sql`gathered`, sql`${fitsInMemory} and ${isNext}`)}
          union all
          ${byOrder(sql`not ${fitsInMemory}`)}
        )`;
  const statusCounts = include.includes("statusCounts")
    ? countStatuses(scope, query, hasTotal)
    : sql`(select)`;
  const columnsOf = (table: string) =>
    sql.join(batchJobColumns.map((column) => sql.ref(`${table}.${column}`)));
  // By its place: for an id, PostgreSQL can choose an index of the whole organization when that has grown since its last
  // statistics.
  const jobs = isPage
    ? sql`found`
    : sql`(
      select rank, key, ${columnsOf("batch_jobs")} from found join (
        ${visibleBatchJobs(scope).select(batchJobColumns).select(rowPlace)}
      ) as batch_jobs on batch_jobs.place = found.place
    )`;
  const { rows } = await sql<Row>`
    with ${jobsWithPhoneNumber(scope, query)} ${commonTables}
    select counted.total, statuses.*, page.*, now() as now,
      ${snapshotWatermark} as watermark, ${snapshotNextXid} as "nextXid"
    from counted cross join ${statusCounts} as statuses left join (
      select rank, key, ${columnsOf("job")}, ${jobAsJson({ hasUpdatedAt: include.includes("updatedAt") })} as json
      from ${jobs} as job
    ) as page on true
    order by ${sortedOrder(sort, "page")}
  `.execute(database());
  const found = toFound(rows, isStored);
  if (query.updatedSince !== undefined && isWatermark(query.updatedSince)) {
    requireSameDatabase(query.updatedSince, found);
  }
  if (!include.includes("health")) return found;
  const activity = await findActivity(
    viewer,
    found.jobs.map(({ id }) => id),
  );
  const withHealthOf = (job: FoundJob) => withHealth(job, activity.jobs.get(job.id), found.now.getTime());
  return { ...found, jobs: found.jobs.map(withHealthOf) };
}

/** The jobs of a page to which the stored counts lead. */
function selectCountedPage(
  viewer: Viewer,
  query: JobsQuery,
  { limit, skip }: { limit: number; skip: number },
) {
  const depth = depthOf(skip);
  const slice = { status: query.status, pageSize: limit };
  return sql`(${withPageStart(viewer.scope, slice, depth, sql.val(skip))
    .selectFrom(selectPage(viewer.scope, slice, depth).as("page"))
    .select([sql.lit(1).as("rank"), "created_at as key", ...batchJobColumns])})`;
}

type Row = Snapshot & { total: number | null; now: Date; counted_all?: number } & Partial<
    Record<`counted_${BatchJobStatus}`, number>
  > &
  (FoundJob | { id: null });

function toFound(rows: Row[], isStored: boolean): Found {
  const [first] = rows;
  if (!first) throw new Error("The statement gives at least one row");
  const { total, now, watermark, nextXid, counted_all: countedAll } = first;
  const isTotalExact = isStored || total === null || total <= countedMax;
  const counts = batchJobStatuses.map((status) => [status, first[`counted_${status}`]]);
  return {
    jobs: rows.filter((row): row is Row & FoundJob => row.id !== null),
    total: isTotalExact ? total : countedMax,
    isTotalExact,
    ...(countedAll !== undefined && {
      statusCounts: countedAll <= countedMax ? (Object.fromEntries(counts) as StatusCounts) : null,
    }),
    ...{ now, watermark, nextXid },
  };
}

/** Adds the job's health as the last member of its JSON. */
function withHealth(job: FoundJob, activity: JobActivity | undefined, nowMs: number): FoundJob {
  const health = serializeHealth(healthOf(progressOf(job, activity), nowMs), nowMs);
  return { ...job, json: `${job.json.slice(0, -1)},"health":${JSON.stringify(health)}}` };
}

/**
 * A row with the number of jobs of each status, `counted_pending` and so on; nulls when more than countedMax match.
 *
 * @param isGathered whether the statement has gathered the jobs of these statuses.
 */
function countStatuses(scope: OrganizationScope, query: JobsQuery, isGathered: boolean): RawBuilder<unknown> {
  const as = (status: BatchJobStatus) => sql.ref(`counted_${status}`);
  if (isCountStored(query)) {
    const columns = batchJobStatuses.map((status) => sql`${sql.ref(status)} as ${as(status)}`);
    return sql`(select ${sql.join(columns)}, 0 as counted_all from (${countJobsByStatus(scope)}) as stored)`;
  }
  const columns = batchJobStatuses.map(
    (status) => sql`(count(*) filter (where status = ${status}))::int as ${as(status)}`,
  );
  const ofAnyStatus = selectKeys(scope, { ...query, status: [] });
  const jobs =
    isGathered && query.status.length === 0
      ? sql`gathered`
      : sql`(select status from ${ofAnyStatus} as keys limit ${sql.lit(countedMax + 1)})`;
  return sql`(select ${sql.join(columns)}, count(*)::int as counted_all from ${jobs} as counted)`;
}
