import type { BatchJobRow } from "./serialize";
import type { BatchJobStatus } from "./status";

/** How long after its scheduled time a job is overdue: starting takes a moment. */
export const overdueAfterMs = 60_000;
/** How long after its last change a running job is stalled. */
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
  /** The time at which anything about the job last changed. */
  changedMs: number;
  /** What dialers do with the job; undefined if it has ended and has no open calls. */
  activity?: JobActivity;
}

export function progressOf(row: BatchJobRow, activity: JobActivity | undefined): Progress {
  return {
    ...(activity && { activity }),
    status: row.status,
    totalContacts: row.total_contacts,
    contactsProcessed: row.contacts_processed,
    scheduledMs: row.scheduled_start_time?.getTime() ?? null,
    startedMs: row.actual_start_time?.getTime() ?? null,
    changedMs: row.updated_at.getTime(),
  };
}

/** What activity.ts finds out about a job. Times in ms since 1970. */
export interface JobActivity {
  /** Whether this server has its contacts, so that dialers get them. */
  hasContacts: boolean;
  openCalls: number;
  stalledSinceMs?: number;
  estimatedEndMs?: number;
  /**
   * When a dialer of the organization was last seen, if the job's contacts wait for one: null if there never was one,
   * undefined if a dialer is there or nothing waits.
   */
  noDialerSinceMs?: number | null;
}

/** Times in ms since 1970. */
export type JobHealth =
  | { is: "overdue"; sinceMs: number }
  | { is: "stalled"; forMs: number }
  | { is: "without a dialer"; sinceMs: number | null; openCalls: number }
  | { is: "on track"; endMs: number };

/**
 * The health of a job. A job is overdue when its scheduled time has passed and it has not started. conditions.ts says
 * when one is stalled, and when it will end.
 *
 * @returns undefined when there is nothing to say, as of a finished job.
 */
export function healthOf({ status, scheduledMs, activity }: Progress, nowMs: number): JobHealth | undefined {
  const isWaiting = status === "pending" || status === "scheduled";
  if (isWaiting && scheduledMs !== null && nowMs - scheduledMs >= overdueAfterMs) {
    return { is: "overdue", sinceMs: scheduledMs };
  }
  if (!activity || !(isWaiting || status === "running")) return undefined;
  const { stalledSinceMs, estimatedEndMs, noDialerSinceMs, openCalls } = activity;
  if (stalledSinceMs !== undefined) return { is: "stalled", forMs: nowMs - stalledSinceMs };
  if (noDialerSinceMs !== undefined) return { is: "without a dialer", sinceMs: noDialerSinceMs, openCalls };
  return estimatedEndMs === undefined
    ? undefined
    : { is: "on track", endMs: Math.max(estimatedEndMs, nowMs) };
}
