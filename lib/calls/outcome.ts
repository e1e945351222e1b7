import type { LockedBatchJob } from "../batch-jobs/lock";
import { type CallResult, isRetryable } from "./status";

/** Before the second attempt, and before each later one. */
const retryDelaysSeconds = [5 * 60, 30 * 60];

const words = { no_answer: "No answer", busy: "Busy", timeout: "Timeout" };

/** What becomes of a contact by a call. */
export type Outcome =
  | { status: CallResult; isOver: true; failureReason: string | null }
  | { status: CallResult; isOver: false; failureReason: string | null; retryAfterSeconds: number };

/**
 * What becomes of a contact that was dialed. Called again are those whose result the job's retry policy names, while
 * attempts are left and the job is running.
 *
 * @param attempt of the call, from 1.
 * @param canRetry false for a result that comes after the server has settled the call: such a contact is not dialed again.
 */
export function outcomeOf(
  report: { status: CallResult; failureReason?: string | null; retryAfterSeconds?: number },
  attempt: number,
  job: Pick<LockedBatchJob, "status" | "retry_max_attempts" | "retry_retryable_statuses">,
  canRetry: boolean,
): Outcome {
  const { status, failureReason = null } = report;
  if (!isRetryable(status)) return { status, isOver: true, failureReason };
  const isRetried =
    canRetry &&
    job.status === "running" &&
    attempt < job.retry_max_attempts &&
    job.retry_retryable_statuses.includes(status);
  if (!isRetried) {
    const attempts = attempt === 1 ? "1 attempt" : `${attempt} attempts`;
    return { status: "failed", isOver: true, failureReason: `${words[status]} after ${attempts}` };
  }
  const delay = retryDelaysSeconds[Math.min(attempt, retryDelaysSeconds.length) - 1] ?? 0;
  return { status, isOver: false, failureReason, retryAfterSeconds: report.retryAfterSeconds ?? delay };
}
