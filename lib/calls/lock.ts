import type { Kysely } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { clockTime } from "../database/clock-time";
import { HttpError } from "../http/http-error";
import { visibleCalls } from "./visible";

// Locks are taken in one order, so that no two transactions wait for each other: the organization's calling row, jobs in
// the order of their ids, contact, call. A statement that waits for a lock sees the rows that it locks as they are after the
// wait, and all others as of before it.

/**
 * Lets the organization's claims run one at a time, until the end of the transaction.
 *
 * @returns the most calls that the organization may have open.
 */
export async function lockOrganizationCalling(viewer: Viewer, db: Kysely<Database>): Promise<number> {
  viewer.require("dial");
  const { organizationId } = viewer;
  const row = db
    .selectFrom("organization_calling")
    .where("organization_id", "=", organizationId)
    .select("concurrent_call_limit")
    .forUpdate();
  const found = await row.executeTakeFirst();
  if (found) return found.concurrent_call_limit;
  await db
    .insertInto("organization_calling")
    .values({ organization_id: organizationId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await row.executeTakeFirstOrThrow()).concurrent_call_limit;
}

/**
 * Locks a call with its contact and, to change these for good, its job.
 *
 * @returns the call as it is once all are locked.
 * @throws HttpError 404 for a call that the viewer cannot see, whether it exists or not.
 */
export async function lockCall(
  viewer: Viewer,
  callId: string,
  locked: "with job" | "alone",
  db: Kysely<Database>,
) {
  const contactAndCall = ["contact", "batch_calls"] as const;
  const call = await visibleCalls(viewer.scope, db)
    .innerJoin("batch_jobs as job", (join) =>
      join
        .onRef("job.organization_id", "=", "batch_calls.organization_id")
        .onRef("job.id", "=", "batch_calls.batch_job_id"),
    )
    .innerJoin("batch_contacts as contact", (join) =>
      join
        .onRef("contact.organization_id", "=", "batch_calls.organization_id")
        .onRef("contact.batch_job_id", "=", "batch_calls.batch_job_id")
        .onRef("contact.position", "=", "batch_calls.position"),
    )
    .where("batch_calls.id", "=", callId)
    .select([
      "batch_calls.id",
      "batch_calls.batch_job_id",
      "batch_calls.position",
      "attempt",
      "previous_status",
    ])
    .select(["previous_next_retry_at", "dialing_at", "result", "reported_at"])
    .select(["batch_calls.error_code", "batch_calls.failure_reason", "batch_calls.call_duration"])
    .select(["job.status as job_status", "retry_max_attempts", "retry_retryable_statuses"])
    .select(({ eb }) => eb("lease_until", ">", clockTime).as("is_leased"))
    // In this order. Unlike FOR UPDATE, it does not wait for transactions that insert contacts or calls.
    .forNoKeyUpdate(locked === "alone" ? contactAndCall : ["job", ...contactAndCall])
    .executeTakeFirst();
  if (!call) throw new HttpError(404, "call_not_found", "Call not found");
  return call;
}

export type LockedCall = Awaited<ReturnType<typeof lockCall>>;
