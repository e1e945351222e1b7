import { type Expression, type RawBuilder, sql } from "kysely";
import { database } from "../database";
import { logError } from "../log";
import type { Viewer } from "../viewer";
import { type BatchJobStatus, batchJobStatuses } from "./status";

/** What one row counts. @param statuses of the jobs to count; none named means any. */
function sumOf(statuses: BatchJobStatus[]): RawBuilder<number> {
  const named = statuses.length > 0 ? statuses : batchJobStatuses;
  return sql`(${sql.join(
    named.map((status) => sql.ref(status)),
    sql` + `,
  )})`;
}

/** What some rows of kept counts count. @param statuses as above. */
export function jobsOf(statuses: BatchJobStatus[]): RawBuilder<number> {
  // An integer, as the contract's total is one: sums of bigint are numeric, which costs four times as much.
  return sql`coalesce(sum(${sumOf(statuses)}), 0)::int`;
}

/**
 * The counts of an organization that the database keeps (db/migrations/0005-batch-job-counts.ts, and 0007): a few rows to add
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

const end = sql`until_created_at, until_id`;
const before = sql`rows between unbounded preceding and 1 preceding`;

/**
 * Where the list goes on after its first `offset` jobs: at most some thousand jobs further on than its place. One
 * row. Where somebody adds to a range that has been replaced, and positions are not certain, the place is the
 * beginning, and all is to be skipped.
 *
 * The last span that begins with the offset's job or before it has it, and so has the last of its ranges that does.
 */
export function placeOf(
  viewer: Viewer,
  statuses: BatchJobStatus[],
  offset: Expression<number>,
): RawBuilder<Place> {
  const jobs = jobsOf(statuses);
  return sql`(
    with added as (
      -- What is not folded into its span yet; without an end, what was added late.
      select range_id, ${jobs} as jobs, ${end}
      from batch_job_counts
      left join batch_job_ranges as range
        on range.id = range_id and range.organization_id = batch_job_counts.organization_id and replaced_at is null
      where batch_job_counts.organization_id = ${viewer.scope} and not is_folded and range_id <> 0
      group by range_id, ${end}
    ), span as (
      select
        from_created_at, from_id, ${end}, is_span,
        coalesce(sum(jobs) over (order by until_created_at desc, until_id desc, is_span desc ${before}), 0) as before
      from (
        select from_created_at, from_id, ${end}, ${sumOf(statuses)} as jobs, true as is_span
        from batch_job_spans where organization_id = ${viewer.scope}
        union all
        select null, null, ${end}, jobs, false from added
      ) as counted
    ), in_span as (
      select from_created_at, from_id, ${end}, before from span where is_span and before <= ${offset}::bigint
        and not exists (select from added where until_id is null)
      order by ${end} limit 1
    ), range as (
      select
        from_created_at, from_id, ${end}, (select before from in_span)
          + coalesce(sum(jobs) over (order by from_created_at desc, from_id desc ${before}), 0) as before
      from (
        select from_created_at, from_id, ${end}, (
          select ${jobs} from batch_job_counts where organization_id = range.organization_id and range_id = range.id
        ) as jobs
        from batch_job_ranges as range
        where organization_id = ${viewer.scope} and replaced_at is null
          and (from_created_at, from_id) >= (select from_created_at, from_id from in_span)
          and (from_created_at, from_id) < (select ${end} from in_span)
      ) as counted
    )
    select created_at, id, skip from (
      select until_created_at as created_at, until_id as id, ${offset}::bigint - before as skip
      from range where before <= ${offset}::bigint
      order by from_created_at, from_id limit 1
    ) as place
    union all
    select 'infinity', '', ${offset}::bigint where not exists (select from range)
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
