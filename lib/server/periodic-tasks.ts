import { deleteOldDialers } from "../calls/dialers";
import { settleLapsedCalls } from "../calls/settle";
import { isTransient } from "../database/retry-read";
import { deleteOldAnswers } from "../idempotency/with-idempotency";
import { logError } from "../log";

const intervalMs = 5_000;

/**
 * Does now and then what no request asks for: settles calls whose dialer has gone, and deletes what is no longer needed.
 * Every instance does it, and none is needed for it: without this, only a job whose last dialer has died would not end.
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
