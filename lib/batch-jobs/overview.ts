import { sql } from "kysely";
import { database } from "../database";
import type { Viewer } from "../viewer";
import { overdueAfterMs, stalledAfterMs } from "./condition";
import { visibleBatchJobs } from "./list";
import { activeStatuses, type BatchJobStatus, batchJobStatuses } from "./status";

export type StatusCounts = Record<BatchJobStatus, number>;

/** How an organization's jobs stand, whatever filter a list has. */
export interface Attention {
  /** Jobs whose time has passed and that have not started. */
  overdue: number;
  /** Running jobs that have not changed for a while. */
  stalled: number;
  /** When the next job is to start. */
  nextStart: Date | null;
  /** The database's clock. */
  asOf: Date;
}

/** Beyond so many jobs that are not over, no more are looked at. */
const activeMax = 10_000;

const sinceMs = (ms: number) => sql`now() - make_interval(secs => ${ms / 1_000})`;
const waits = sql`active.status in ('pending', 'scheduled')`;

/**
 * The columns of an `Attention`, to select from `activeBatchJobs(viewer) as active`: what
 * lib/batch-jobs/condition.ts says of one job, counted.
 */
export const attentionColumns = [
  sql<number>`(count(*) filter (
    where ${waits} and active.scheduled_start_time <= ${sinceMs(overdueAfterMs)}
  ))::int`.as("overdue"),
  sql<number>`(count(*) filter (
    where active.status = 'running' and greatest(active.updated_at, active.actual_start_time) <= ${sinceMs(stalledAfterMs)}
  ))::int`.as("stalled"),
  sql<Date | null>`
    min(active.scheduled_start_time) filter (where ${waits} and active.scheduled_start_time > now())
  `.as("nextStart"),
  sql<Date>`now()`.as("asOf"),
];

/** The viewer's jobs that are not over, 10,000 of them at most. */
export function activeBatchJobs(viewer: Viewer) {
  return visibleBatchJobs(viewer)
    .where("status", "in", activeStatuses)
    .select(["status", "scheduled_start_time", "actual_start_time", "updated_at"])
    .limit(activeMax);
}

/** How many jobs have each status, and what needs attention. */
export async function getOverview(viewer: Viewer): Promise<Attention & { counts: StatusCounts }> {
  const [counted, attention] = await Promise.all([
    visibleBatchJobs(viewer)
      .groupBy("status")
      .select(["status", ({ fn }) => fn.countAll<string>().as("count")])
      .execute(),
    database()
      .selectFrom(activeBatchJobs(viewer).as("active"))
      .select(attentionColumns)
      .executeTakeFirstOrThrow(),
  ]);
  const countOf = new Map(counted.map(({ status, count }) => [status, Number(count)]));
  const counts = Object.fromEntries(batchJobStatuses.map((status) => [status, countOf.get(status) ?? 0]));
  return { ...attention, counts: counts as StatusCounts };
}
