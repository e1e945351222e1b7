import pLimit from "p-limit";
import { withTimeBudget } from "@/db/time-budget";
import { HttpError } from "../http/http-error";

/** A body of this size takes some milliseconds. */
const smallBytesMax = 256 * 1_024;
const runningMax = 2;
/** With those that run, fewer than the requests with a body that one address may have: small ones still find room. */
const waitingMax = 4;
const waitMaxMs = 10_000;
/** For the statements that store ten thousand contacts, each of which has its own limit. */
const databaseMaxMs = 10_000;

const busy = new HttpError(503, "too_many_uploads", "Too many large uploads at once: try again in 5 s", {
  "Retry-After": "5",
});

// Next bundles this file more than once.
const shared = globalThis as { batchJobsCreations?: ReturnType<typeof pLimit> };
shared.batchJobsCreations ??= pLimit(runningMax);
const limit = shared.batchJobsCreations;

/**
 * Creates a job: at once if the request's body is small, otherwise when fewer than two large ones are being created, as
 * each takes several times its size in memory.
 *
 * @param bytes the size of the body.
 * @throws HttpError 503 when too many wait, or the wait was too long.
 */
export async function limitCreations<T>(bytes: number, create: () => Promise<T>): Promise<T> {
  if (bytes <= smallBytesMax) return create();
  if (limit.activeCount + limit.pendingCount >= runningMax + waitingMax) throw busy;
  const startMs = performance.now();
  return limit(async () => {
    if (performance.now() - startMs > waitMaxMs) throw busy;
    return withTimeBudget(databaseMaxMs, create);
  });
}
