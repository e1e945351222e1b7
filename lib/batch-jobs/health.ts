import type { BatchJobStatus } from "./status";

/** A job starts a moment after its time; only past this is it late. */
export const overdueAfterMs = 60_000;
/** A running job that has not changed for this long may be stuck. */
export const stalledAfterMs = 10 * 60_000;

export interface Progress {
  status: BatchJobStatus;
  totalContacts: number;
  contactsProcessed: number;
  scheduledMs: number | null;
  startedMs: number | null;
  /** When anything about the job was last changed. */
  changedMs: number;
}

/** How a job does that is not over yet; undefined when there is nothing to say. All times in ms since 1970. */
export type JobHealth =
  | { is: "overdue"; sinceMs: number }
  | { is: "stalled"; forMs: number }
  | { is: "on its way"; endMs: number };

/**
 * The one definition of overdue, stalled and estimated end; `lib/batch-jobs/health-filter.ts` finds by the same
 * bounds in SQL.
 *
 * - Overdue: its scheduled time has passed, and it has not started.
 * - Stalled: it runs, and nothing about it changed for ten minutes.
 * - On its way: what is left takes as long, for each contact, as what is done did
 *   (elapsed ÷ processed × remaining). Slower than one contact in ten minutes is no pace to go by.
 */
export function healthOf(job: Progress, nowMs: number): JobHealth | undefined {
  const { status, scheduledMs, startedMs, contactsProcessed, totalContacts } = job;
  if (status === "pending" || status === "scheduled") {
    const isOverdue = scheduledMs !== null && nowMs - scheduledMs >= overdueAfterMs;
    return isOverdue ? { is: "overdue", sinceMs: scheduledMs } : undefined;
  }
  if (status !== "running") return undefined;
  const quietMs = nowMs - Math.max(job.changedMs, startedMs ?? 0);
  if (quietMs >= stalledAfterMs) return { is: "stalled", forMs: quietMs };
  if (startedMs === null || contactsProcessed === 0 || nowMs <= startedMs) return undefined;
  const perContactMs = (nowMs - startedMs) / contactsProcessed;
  if (perContactMs > stalledAfterMs) return undefined;
  return { is: "on its way", endMs: nowMs + perContactMs * (totalContacts - contactsProcessed) };
}
