import { type Expression, type RawBuilder, sql } from "kysely";
import { database } from "../database";
import { logError } from "../log";
import type { Viewer } from "../viewer";
import { type BatchJobStatus, batchJobStatuses } from "./status";

/** The sum of some rows of kept counts. @param statuses of the jobs to count; none named means any. */
export function jobsOf(statuses: BatchJobStatus[]): RawBuilder<number> {
  const named = statuses.length > 0 ? statuses : batchJobStatuses;
  const sum = sql.join(
    named.map((status) => sql.ref(status)),
    sql` + `,
  );
  // An integer, as the contract's total is one: sums of bigint are numeric, which costs four times as much.
  return sql`coalesce(sum(${sum}), 0)::int`;
}

/**
 * The counts of an organization that the database keeps (db/migrations/0005-batch-job-counts.ts): a few rows to add
 * up, however many jobs. In a statement that also reads jobs, both are of one instant.
 */
function visibleCounts(viewer: Viewer) {
  return database()
    .selectFrom("batch_job_counts")
    .where("organization_id", "=", viewer.scope)
    .where("range_id", "=", "0");
}

/** How many jobs have one of the statuses; none named means any. */
export function keptCount(viewer: Viewer, statuses: BatchJobStatus[]) {
  return visibleCounts(viewer).select(jobsOf(statuses).as("total"));
}

/** How many jobs have each status, in one row. */
export function keptCounts(viewer: Viewer) {
  return visibleCounts(viewer).select(batchJobStatuses.map((status) => jobsOf([status]).as(status)));
}

/** A place in the list's order: the jobs before it, but for the first `skip` of them, are what comes next. */
export interface Place {
  created_at: Date;
  id: string;
  skip: number;
}

/**
 * Where the list goes on after its first `offset` jobs: at most some thousand jobs further on than its place. One
 * row; none past the last job. Where somebody adds to a range that has been replaced, and positions are not certain,
 * the place is the beginning, and all is to be skipped.
 */
export function placeOf(
  viewer: Viewer,
  statuses: BatchJobStatus[],
  offset: Expression<number>,
): RawBuilder<Place> {
  // A full join, as a plan made for small organizations would join the ranges of a large one in a nested loop.
  return sql`(
    with range as (
      select id, until_created_at, until_id from batch_job_ranges
      where organization_id = ${viewer.scope} and replaced_at is null
    ), counted as (
      select range_id, ${jobsOf(statuses)} as jobs from batch_job_counts
      where organization_id = ${viewer.scope} and range_id <> 0
      group by range_id
    ), known as (
      -- Late ones have no end, and come first. The time alone is the sort's first key, as that is quick.
      select
        id is null as is_late, until_created_at as created_at, until_id as id,
        case when id is null then 2147483647 else coalesce(jobs, 0) end as jobs
      from range full join counted on range_id = id
    ), placed as (
      select *, sum(jobs) over (order by created_at desc, known.id desc rows unbounded preceding) as up_to_here
      from known
    )
    select
      coalesce(created_at, 'infinity') as created_at, coalesce(id, '') as id,
      case when is_late then ${offset}::bigint else ${offset}::bigint - (up_to_here - jobs) end as skip
    from placed where is_late or up_to_here > ${offset}::bigint
    order by placed.created_at desc, placed.id desc limit 1
  )`;
}

/** More jobs are not counted anew beside requests, whose statements have three seconds: then it is the operator's. */
const countedMax = 200_000;

let isTidying = false;

/**
 * Folds the organization's counts and cuts its ranges, which writers do now and then: for a reader that had to skip
 * far. In nobody's way: not awaited, and one at a time.
 */
export function tidyCounts(viewer: Viewer): void {
  if (isTidying) return;
  isTidying = true;
  sql`select tidy_batch_job_counts(${viewer.organizationId}, ${countedMax})`
    .execute(database())
    .catch((error) => logError("counts were not tidied", error, { organizationId: viewer.organizationId }))
    .finally(() => {
      isTidying = false;
    });
}
