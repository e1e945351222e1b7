import { type Expression, type RawBuilder, sql } from "kysely";
import type { Scope } from "../access/viewer";
import { database } from "../database/database";
import { type BatchJobStatus, batchJobStatuses } from "./status";

type Period = "all" | "month" | "day";

/** How many jobs some rows of batch_job_counts stand for. @param statuses of the jobs to count; none means any. */
function sumOf(statuses: BatchJobStatus[]): RawBuilder<number> {
  const columns = (statuses.length > 0 ? statuses : batchJobStatuses).map((status) => sql.ref(status));
  // An integer, as the contract's total is one: sums of bigint are numeric, which cost four times as much.
  return sql`coalesce(sum(${sql.join(columns, sql` + `)}), 0)::int`;
}

/**
 * The job counts of an organization, which triggers keep (db/migrations/0004-batch-job-counts.ts): a few rows to add
 * up, however many jobs there are. A statement that also reads jobs sees both at one instant.
 */
function visibleCounts(scope: Scope, period: Period) {
  return database()
    .selectFrom("batch_job_counts")
    .where("organization_id", "=", scope.organizationId)
    .where("period", "=", sql.lit(period));
}

/** How many jobs have one of the statuses, in one row; none means any. */
export function countJobs(scope: Scope, statuses: BatchJobStatus[]) {
  return visibleCounts(scope, "all").select(sumOf(statuses).as("total"));
}

/** How many jobs have each status, in one row. */
export function countJobsByStatus(scope: Scope) {
  return visibleCounts(scope, "all").select(batchJobStatuses.map((status) => sumOf([status]).as(status)));
}

/** Where to start reading for a deep page: skip the first `skip` of the jobs created before `created_before`. */
export interface Place {
  created_before: Date;
  skip: number;
}

/**
 * Finds the place of the list's job number `offset`, newest first: adds up months until the one that has it, then the
 * days of that month. No row when there are no jobs. What is left to skip is less than one day's jobs; past the end of
 * the list it is more, but reading ends with the oldest day.
 */
export function placeOf(
  scope: Scope,
  statuses: BatchJobStatus[],
  offset: Expression<number>,
): RawBuilder<Place> {
  const jobsByStart = (period: Period) =>
    visibleCounts(scope, period)
      .select(["starts_on", sumOf(statuses).as("jobs")])
      .groupBy("starts_on");
  const daysOfMonth = jobsByStart("day")
    .where("starts_on", ">=", sql<Date>`(select starts_on from month)`)
    .where("starts_on", "<", sql<Date>`(select starts_on + interval '1 month' from month)`);
  const newerJobs = sql`
    coalesce(sum(jobs) over (order by starts_on desc rows between unbounded preceding and 1 preceding), 0)
  `;
  return sql`(
    with month as (
      select starts_on, newer from (
        select starts_on, ${newerJobs} as newer from ${jobsByStart("month").as("counted")}
      ) as summed
      where newer <= ${offset}::bigint order by starts_on limit 1
    ), day as (
      select starts_on, newer from (
        select starts_on, (select newer from month) + ${newerJobs} as newer from ${daysOfMonth.as("counted")}
      ) as summed
      where newer <= ${offset}::bigint order by starts_on limit 1
    )
    select (starts_on + 1)::timestamp at time zone 'UTC' as created_before, ${offset}::bigint - newer as skip from day
  )`;
}
