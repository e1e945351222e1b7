import type { FoundCall } from "./change";
import type { ResultRequest } from "./schema";
import { type CallResult, isRetryable } from "./status";

/** The delays before the second attempt, and before each later one. */
export const retryDelaysSeconds = [5 * 60, 30 * 60];

const words = { no_answer: "No answer", busy: "Busy", timeout: "Timeout" };

/** What becomes of a contact by a call. */
export type Outcome = { status: CallResult; errorCode: string | null; failureReason: string | null } & (
  | { isOver: true }
  | { isOver: false; retryAfterSeconds: number }
);

/**
 * What becomes of a contact that was dialed. It is called again if the job's retry policy names the result, attempts are
 * left, and the job is running.
 *
 * @param canRetry false for a result that comes after the server has settled the call: such a contact is not dialed again.
 */
export function outcomeOf(
  report: Pick<ResultRequest, "errorCode" | "failureReason" | "retryAfterSeconds"> & { status: CallResult },
  call: Pick<FoundCall, "attempt" | "job_status" | "retry_max_attempts" | "retry_retryable_statuses">,
  canRetry: boolean,
): Outcome {
  const { status } = report;
  const { attempt } = call;
  const [errorCode, failureReason] = [report.errorCode ?? null, report.failureReason ?? null];
  if (!isRetryable(status)) return { status, errorCode, failureReason, isOver: true };
  const isRetried =
    canRetry &&
    call.job_status === "running" &&
    attempt < call.retry_max_attempts &&
    call.retry_retryable_statuses.includes(status);
  if (!isRetried) {
    const attempts = attempt === 1 ? "1 attempt" : `${attempt} attempts`;
    return { status: "failed", errorCode, failureReason: `${words[status]} after ${attempts}`, isOver: true };
  }
  const delay = retryDelaysSeconds[Math.min(attempt, retryDelaysSeconds.length) - 1] ?? 0;
  const retryAfterSeconds = report.retryAfterSeconds ?? delay;
  return { status, errorCode, failureReason, isOver: false, retryAfterSeconds };
}
