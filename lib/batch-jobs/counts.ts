import { type Expression, type RawBuilder, sql } from "kysely";
import type { OrganizationScope } from "../access/viewer";
import { database } from "../database/database";
import { batchJobStatuses } from "./status";
import type { StatusOrParameter } from "./visible";

type Period = "all" | "month" | "day";

/** The column of batch_job_counts that counts the jobs of a status. */
function columnOf(status: StatusOrParameter): RawBuilder<number> {
  if (typeof status === "string") return sql.ref(status);
  const cases = batchJobStatuses.map((one) => sql`when ${sql.lit(one)} then ${sql.ref(one)}`);
  return sql`case ${status} ${sql.join(cases, sql` `)} end`;
}

/** The jobs counted in rows of batch_job_counts. @param statuses empty for any. */
function sumOf(statuses: readonly StatusOrParameter[]): RawBuilder<number> {
  const columns = (statuses.length > 0 ? statuses : batchJobStatuses).map(columnOf);
  // int, as the contract's total is: the numeric that sum() returns is slower.
  return sql`coalesce(sum(${sql.join(columns, sql` + `)}), 0)::int`;
}

/** An organization's job counts, which triggers maintain (db/migrations/0004-batch-job-counts.ts). */
function visibleCounts(scope: OrganizationScope, period: Period) {
  return database()
    .selectFrom("batch_job_counts")
    .where("organization_id", "=", scope.organizationId)
    .where("period", "=", sql.lit(period));
}

/** @param statuses empty for any. */
export function countJobs(scope: OrganizationScope, statuses: readonly StatusOrParameter[]) {
  return visibleCounts(scope, "all").select(sumOf(statuses).as("total"));
}

export function countJobsByStatus(scope: OrganizationScope) {
  return visibleCounts(scope, "all").select(batchJobStatuses.map((status) => sumOf([status]).as(status)));
}

/**
 * Finds the day of the list's job number `offset`, newest first: adds up months, then the days of one month. Reading
 * starts at `created_before` and skips `skip` jobs, which is less than a day's unless the offset is past the end.
 * Without jobs there is no row.
 */
export function seekByCounts(
  scope: OrganizationScope,
  statuses: readonly StatusOrParameter[],
  offset: Expression<number>,
): RawBuilder<{ created_before: Date; skip: number }> {
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
