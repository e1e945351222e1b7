import { sql } from "kysely";
import type { Viewer } from "../access/viewer";
import { visibleBatchJobs } from "../batch-jobs/visible";
import { visibleContacts } from "../contacts/visible";
import { database } from "../database/database";
import { findCallLimit } from "../phone-numbers/call-limit";
import { contactsNotDialed, contactsToRetry, openCallsByJob } from "./due";

/** Dialers ask every 30 s at least, which is noted every 15 s. */
const silentAfterMs = 60_000;

/** Why no more contacts of a job are being called. */
export type Waiting =
  | { for: "job limit" | "organization limit"; calls: number; limit: number }
  /** `since` is null when no dialer has asked in the last 30 days. */
  | { for: "dialer"; since: Date | null }
  | { for: "retry"; at: Date };

/**
 * Why no more contacts of a job are being called.
 *
 * @param job one that can be dialed now.
 * @returns undefined when nothing is in the way.
 */
export async function findWaiting(
  viewer: Viewer,
  job: { id: string; concurrent_call_limit: number },
): Promise<Waiting | undefined> {
  viewer.require("readBatchJobs");
  const open = openCallsByJob(viewer.scope);
  const nextRetry = visibleContacts(viewer.scope, sql.val(job.id))
    .where("next_retry_at", "is not", null)
    .select(({ fn }) => fn.min("next_retry_at").as("at"));
  const lastSeen = database()
    .selectFrom("dialers")
    .where("organization_id", "=", viewer.scope.organizationId)
    .select(({ fn }) => fn.max("last_seen_at").as("at"));
  const [limit, found] = await Promise.all([
    findCallLimit(viewer),
    visibleBatchJobs(viewer.scope)
      .where("id", "=", job.id)
      .select(({ exists, or }) => [
        or([
          exists(contactsNotDialed(viewer.scope, "batch_jobs").select("position")),
          exists(contactsToRetry(viewer.scope, "batch_jobs").select("position")),
        ]).as("isDue"),
        sql<number>`coalesce((select calls from (${open}) as open where batch_job_id = ${job.id}), 0)`.as(
          "jobCalls",
        ),
        sql<number>`(select coalesce(sum(calls), 0)::int from (${open}) as open)`.as("organizationCalls"),
        sql<Date | null>`(${nextRetry})`.as("nextRetryAt"),
        sql<Date | null>`(${lastSeen})`.as("dialerSeenAt"),
        sql<Date>`now()`.as("asOf"),
      ])
      .executeTakeFirst(),
  ]);
  if (!found) return undefined;
  const { isDue, jobCalls, organizationCalls, nextRetryAt, dialerSeenAt, asOf } = found;
  if (!isDue) return nextRetryAt ? { for: "retry", at: nextRetryAt } : undefined;
  if (jobCalls >= job.concurrent_call_limit) {
    return { for: "job limit", calls: jobCalls, limit: job.concurrent_call_limit };
  }
  if (organizationCalls >= limit) return { for: "organization limit", calls: organizationCalls, limit };
  const isSilent = dialerSeenAt === null || asOf.getTime() - dialerSeenAt.getTime() >= silentAfterMs;
  return isSilent ? { for: "dialer", since: dialerSeenAt } : undefined;
}
