import type { BatchJobRow } from "./serialize";
import type { BatchJobStatus } from "./status";

/** After its scheduled time, as a job takes a moment to start. */
export const overdueAfterMs = 60_000;
/** Since a running job's last change. */
export const stalledAfterMs = 10 * 60_000;

export const healthProblems = ["overdue", "stalled"] as const;
export type HealthProblem = (typeof healthProblems)[number];

/** Jobs with a problem are counted up to this number and shown as "1,000+" above it. */
export const healthProblemsMax = 1_000;

export interface Progress {
  status: BatchJobStatus;
  totalContacts: number;
  contactsProcessed: number;
  scheduledMs: number | null;
  startedMs: number | null;
  /** When anything about the job last changed. */
  changedMs: number;
}

export function progressOf(row: BatchJobRow): Progress {
  return {
    status: row.status,
    totalContacts: row.total_contacts,
    contactsProcessed: row.contacts_processed,
    scheduledMs: row.scheduled_start_time?.getTime() ?? null,
    startedMs: row.actual_start_time?.getTime() ?? null,
    changedMs: row.updated_at.getTime(),
  };
}

/** Times in ms since 1970. */
export type JobHealth =
  | { is: "overdue"; sinceMs: number }
  | { is: "stalled"; forMs: number }
  | { is: "on track"; endMs: number };

/**
 * The definition of overdue, stalled and the estimated end; withHealthProblem in visible.ts is the same in SQL.
 *
 * - Overdue: the scheduled time has passed and the job has not started.
 * - Stalled: the job is running and has not changed for ten minutes.
 * - On track: the estimated end is elapsed time ÷ processed × remaining contacts from now. There is no estimate below one
 *   contact in ten minutes.
 *
 * @returns undefined when there is nothing to say, as of a finished job.
 */
export function healthOf(job: Progress, nowMs: number): JobHealth | undefined {
  const { status, scheduledMs, startedMs, contactsProcessed, totalContacts } = job;
  if (status === "pending" || status === "scheduled") {
    const isOverdue = scheduledMs !== null && nowMs - scheduledMs >= overdueAfterMs;
    return isOverdue ? { is: "overdue", sinceMs: scheduledMs } : undefined;
  }
  if (status !== "running") return undefined;
  const unchangedMs = nowMs - Math.max(job.changedMs, startedMs ?? 0);
  if (unchangedMs >= stalledAfterMs) return { is: "stalled", forMs: unchangedMs };
  if (startedMs === null || contactsProcessed === 0 || nowMs <= startedMs) return undefined;
  const perContactMs = (nowMs - startedMs) / contactsProcessed;
  if (perContactMs > stalledAfterMs) return undefined;
  return { is: "on track", endMs: nowMs + perContactMs * (totalContacts - contactsProcessed) };
}
