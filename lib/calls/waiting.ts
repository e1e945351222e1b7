import { sql } from "kysely";
import type { Viewer } from "../access/viewer";
import { visibleBatchJobs } from "../batch-jobs/visible";
import { visibleContacts } from "../contacts/visible";
import { findCallLimit } from "../phone-numbers/call-limit";
import { selectDialerSeen } from "./dialers";
import { contactsNotDialed, contactsToRetry, openCallsByJob } from "./due";

/** Why no more contacts of a job are being called. findActivity tells whether a dialer is missing. */
export type Waiting =
  | { for: "job limit" | "organization limit"; calls: number; limit: number }
  /** Calls of the job, or else of others, whose dialers have not been seen since then. */
  | { for: "open calls"; calls: number; isOfJob: boolean; time: Date }
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
  const open = openCallsByJob(scope);
  const nextRetry = visibleContacts(scope, sql.val(job.id))
    .where("next_retry_at", "is not", null)
    .select(({ fn }) => fn.min("next_retry_at").as("at"));
  const [limit, found] = await Promise.all([
    findCallLimit(viewer),
    visibleBatchJobs(scope)
      .where("id", "=", job.id)
      .select(({ exists, or }) => [
        or([
          exists(contactsNotDialed(scope, "batch_jobs").select("position")),
          exists(contactsToRetry(scope, "batch_jobs").select("position")),
        ]).as("isDue"),
        sql<number>`coalesce((select calls from (${open}) as open where batch_job_id = ${job.id}), 0)`.as(
          "jobCalls",
        ),
        sql<number>`(select coalesce(sum(calls), 0)::int from (${open}) as open)`.as("organizationCalls"),
        sql<Date | null>`(${nextRetry})`.as("nextRetryAt"),
      ])
      .crossJoin(selectDialerSeen(scope).as("dialer"))
      .select(["last_seen_at as lastSeenAt", "is_dialer_seen as isSeen"])
      .executeTakeFirst(),
  ]);
  if (!found) return undefined;
  const { isDue, jobCalls, organizationCalls, nextRetryAt, lastSeenAt, isSeen } = found;
  if (!isSeen && lastSeenAt && (jobCalls > 0 || (isDue && organizationCalls > 0))) {
    const isOfJob = jobCalls > 0;
    return { for: "open calls", calls: isOfJob ? jobCalls : organizationCalls, isOfJob, time: lastSeenAt };
  }
  if (!isDue) return nextRetryAt ? { for: "retry", time: nextRetryAt } : undefined;
  if (jobCalls >= job.concurrent_call_limit) {
    return { for: "job limit", calls: jobCalls, limit: job.concurrent_call_limit };
  }
  if (organizationCalls >= limit) return { for: "organization limit", calls: organizationCalls, limit };
  return isSeen && jobCalls === 0 ? { for: "next request" } : undefined;
}
