import { type RawBuilder, type SelectQueryBuilder, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { countJobsByStatus } from "./counts";
import { isStalled, waits, withHealthProblem } from "./health-filter";
import { healthProblemsMax, runningSeenMax } from "./refresh-limits";
import { batchJobStatuses, type StatusCounts } from "./status";
import { visibleBatchJobs } from "./visible";

/** How an organization's jobs stand, whatever filter a list has. */
export interface HealthSummary {
  /** Jobs whose time has passed and that have not started; one more than `healthProblemsMax` for more. */
  overdue: number;
  /** Running jobs that have not changed for a while; bounded as well, and of the oldest `runningSeenMax` ones. */
  stalled: number;
  /** When the next job is to start. */
  nextStart: Date | null;
  /** The database's clock. */
  asOf: Date;
}

/** How many rows there are, but no more than one more than `max`: a count that costs no more than that. */
export function countUpTo(max: number, rows: SelectQueryBuilder<Database, "batch_jobs", object>) {
  const bounded = rows.select(sql`1`.as("one")).limit(max + 1);
  return sql<number>`(select count(*)::int from ${bounded.as("bounded")})`;
}

/** The columns of an `HealthSummary`, each a small query of its own. */
export function healthSummaryColumns(viewer: Viewer) {
  const next = visibleBatchJobs(viewer.scope)
    .where(waits)
    .where("scheduled_start_time", ">", sql<Date>`now()`)
    .select(({ fn }) => fn.min("scheduled_start_time").as("at"));
  const oldestRunning = visibleBatchJobs(viewer.scope)
    .where("status", "=", "running")
    .orderBy("created_at")
    .orderBy("id")
    .limit(sql.lit(runningSeenMax))
    .select(["updated_at", "actual_start_time"]);
  const stalled = database().selectFrom(oldestRunning.as("batch_jobs")).where(isStalled);
  return [
    countUpTo(healthProblemsMax, withHealthProblem.overdue(visibleBatchJobs(viewer.scope))).as("overdue"),
    countUpTo(healthProblemsMax, stalled).as("stalled"),
    (sql`(${next})` as RawBuilder<Date | null>).as("nextStart"),
    sql<Date>`now()`.as("asOf"),
  ];
}

/** Picks the counts out of a row. */
export function statusCounts(row: StatusCounts): StatusCounts {
  const { pending, scheduled, running, completed, failed, cancelled } = row;
  return { pending, scheduled, running, completed, failed, cancelled };
}

/** How many jobs have each status, and what needs attention. */
export async function getOverview(viewer: Viewer): Promise<HealthSummary & { counts: StatusCounts }> {
  const found = await database()
    .selectFrom(countJobsByStatus(viewer.scope).as("kept"))
    .select(batchJobStatuses)
    .select(healthSummaryColumns(viewer))
    .executeTakeFirstOrThrow();
  const { overdue, stalled, nextStart, asOf } = found;
  return { overdue, stalled, nextStart, asOf, counts: statusCounts(found) };
}
