import { sql } from "kysely";
import { overdueAfterMs, stalledAfterMs } from "./condition";
import type { visibleBatchJobs } from "./visible";

type Jobs = ReturnType<typeof visibleBatchJobs>;

/** What can be wrong with a job that is not over: see lib/batch-jobs/condition.ts. */
export const troubles = ["overdue", "stalled"] as const;
export type Trouble = (typeof troubles)[number];

/** Jobs that have not started, as the index batch_jobs_waiting says it. */
export const waits = sql<boolean>`status in ('pending', 'scheduled')`;

const before = (ms: number) => sql<Date>`now() - make_interval(secs => ${ms / 1_000})`;

/** Of a running job. */
export const isStalled = sql<boolean>`greatest(updated_at, actual_start_time) <= ${before(stalledAfterMs)}`;

/** Those of the jobs of which lib/batch-jobs/condition.ts says the same, one by one. */
export const inTrouble: Record<Trouble, (jobs: Jobs) => Jobs> = {
  overdue: (jobs) => jobs.where(waits).where("scheduled_start_time", "<=", before(overdueAfterMs)),
  stalled: (jobs) => jobs.where("status", "=", "running").where(isStalled),
};
