import { sql } from "kysely";
import { overdueAfterMs, stalledAfterMs } from "./health";
import type { visibleBatchJobs } from "./visible";

type Jobs = ReturnType<typeof visibleBatchJobs>;

/** What can be wrong with a job that is not over: see lib/batch-jobs/health.ts. */
export const healthProblems = ["overdue", "stalled"] as const;
export type HealthProblem = (typeof healthProblems)[number];

/** Jobs that have not started, as the index batch_jobs_waiting says it. */
export const waits = sql<boolean>`status in ('pending', 'scheduled')`;

const before = (ms: number) => sql<Date>`now() - make_interval(secs => ${ms / 1_000})`;

/** Of a running job. */
export const isStalled = sql<boolean>`greatest(updated_at, actual_start_time) <= ${before(stalledAfterMs)}`;

/** Those of the jobs of which lib/batch-jobs/health.ts says the same, one by one. */
export const withHealthProblem: Record<HealthProblem, (jobs: Jobs) => Jobs> = {
  overdue: (jobs) => jobs.where(waits).where("scheduled_start_time", "<=", before(overdueAfterMs)),
  stalled: (jobs) => jobs.where("status", "=", "running").where(isStalled),
};
