import { deleteOldDialers } from "../calls/dialers";
import { settleLapsedCalls } from "../calls/settle";
import { isTransient } from "../database/retry-read";
import { deleteOldAnswers } from "../idempotency/with-idempotency";
import { logError } from "../log";

const intervalMs = 5_000;

/**
 * Regularly settles calls whose dialer is gone, and deletes old rows. Every instance does this, and it does not matter
 * which. Without it, only a job whose last dialer has died would never end.
 *
 * @returns a function that stops it.
 */
export function startPeriodicTasks(): () => void {
  let isStopped = false;
  let timer: NodeJS.Timeout;
  const wait = () => {
    timer = setTimeout(tick, intervalMs).unref();
  };
  async function tick(): Promise<void> {
    try {
      while (!isStopped && (await settleLapsedCalls()));
      await deleteOldAnswers();
      await deleteOldDialers();
    } catch (error) {
      // A database that is away is in the log of the requests, and of the readiness checks.
      if (!isStopped && !isTransient(error)) logError("failed to settle calls", error);
    }
    if (!isStopped) wait();
  }
  wait();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
