import { sql } from "kysely";
import type { Viewer } from "../access/viewer";
import { visibleBatchJobs } from "../batch-jobs/visible";
import { visibleContacts } from "../contacts/visible";
import { findCallLimit } from "../phone-numbers/call-limit";
import { findOpenCalls, type OpenCalls, selectDialerSeen } from "./dialers";
import { contactsNotDialed, contactsToRetry, isNumberFree } from "./due";
import { openCalls } from "./visible";

/** Why no more contacts of a job are being called. findActivity tells whether a dialer is missing. */
export type Waiting =
  | { for: "job limit" | "organization limit"; calls: number; limit: number }
  /**
   * Calls of the job, or else of any job, whose dialers have not been seen since `time`. They are given up when their leases
   * end, at `until`. `limit` is the one that they help to reach, if another dialer is there and it is reached.
   */
  | { for: "open calls"; calls: number; isOfJob: boolean; limit?: number; time: Date; until: Date }
  /** Calls of other jobs to the same numbers. */
  | { for: "same numbers" }
  | { for: "next request" }
  | { for: "retry"; time: Date };

/**
 * Why no more contacts of a job are being called.
 *
 * @param job one that can be dialed now.
 * @returns undefined when nothing is in the way, or no dialer is there.
 */
export async function findWaiting(
  viewer: Viewer,
  job: { id: string; concurrent_call_limit: number },
): Promise<Waiting | undefined> {
  viewer.require("readBatchJobs");
  const { scope } = viewer;
  const nextRetry = visibleContacts(scope, sql.val(job.id))
    .where("next_retry_at", "is not", null)
    .select(({ fn }) => fn.min("next_retry_at").as("at"));
  const isFree = isNumberFree(openCalls(scope).select("phone_number"));
  const [limit, ofAll, found] = await Promise.all([
    findCallLimit(viewer),
    findOpenCalls(viewer, job.id),
    visibleBatchJobs(scope)
      .where("id", "=", job.id)
      .select(({ exists, or }) => [
        or([
          exists(contactsNotDialed(scope, "batch_jobs").select("position")),
          exists(contactsToRetry(scope, "batch_jobs").select("position")),
        ]).as("isDue"),
        or([
          exists(contactsNotDialed(scope, "batch_jobs").where(isFree).select("position")),
          exists(contactsToRetry(scope, "batch_jobs").where(isFree).select("position")),
        ]).as("isAnyNumberFree"),
        sql<Date | null>`(${nextRetry})`.as("nextRetryAt"),
      ])
      .crossJoin(selectDialerSeen(scope).as("dialer"))
      .select("is_dialer_seen as isSeen")
      .executeTakeFirst(),
  ]);
  if (!found) return undefined;
  const { isDue, isAnyNumberFree, nextRetryAt, isSeen } = found;
  const ofJob = ofAll.filter(({ isOfJob }) => isOfJob);
  const jobCalls = sum(ofJob);
  const organizationCalls = sum(ofAll);
  const isJobFull = jobCalls >= job.concurrent_call_limit;
  const lostOfJob = !isSeen || !isDue || isJobFull ? lostCalls(ofJob) : undefined;
  if (lostOfJob) {
    const fills = isSeen && isDue && isJobFull;
    return { ...lostOfJob, isOfJob: true, ...(fills && { limit: job.concurrent_call_limit }) };
  }
  if (!isDue) return nextRetryAt ? { for: "retry", time: nextRetryAt } : undefined;
  if (isJobFull) return { for: "job limit", calls: jobCalls, limit: job.concurrent_call_limit };
  const isFull = organizationCalls >= limit;
  const lost = !isSeen || isFull ? lostCalls(ofAll) : undefined;
  if (lost) return { ...lost, isOfJob: false, ...(isSeen && isFull && { limit }) };
  if (isFull) return { for: "organization limit", calls: organizationCalls, limit };
  if (!isAnyNumberFree) return { for: "same numbers" };
  return isSeen && jobCalls === 0 ? { for: "next request" } : undefined;
}

function sum(calls: OpenCalls[]): number {
  return calls.reduce((total, { calls }) => total + calls, 0);
}

/** Those whose dialers are not seen; undefined without any. */
function lostCalls(calls: OpenCalls[]) {
  const lost = calls.filter(({ isDialerSeen }) => !isDialerSeen);
  if (lost.length === 0) return undefined;
  const last = (times: Date[]) => new Date(Math.max(...times.map(Number)));
  return {
    for: "open calls" as const,
    calls: sum(lost),
    time: last(lost.map(({ lastSeenAt }) => lastSeenAt)),
    until: last(lost.map(({ leaseUntil }) => leaseUntil)),
  };
}
