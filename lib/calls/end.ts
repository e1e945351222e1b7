import { type Kysely, sql, type UpdateObject } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { countContact, recountAsSuccessful } from "../batch-jobs/progress";
import { clockTime, timeIn } from "../database/clock-time";
import type { CallPlace, LockedCall } from "./lock";
import type { Outcome } from "./outcome";

/** Ends a call, or corrects how it ended: when it ended stays. */
export async function endCall(
  viewer: Viewer,
  { id }: CallPlace,
  values: UpdateObject<Database, "batch_calls"> & { result: string },
  db: Kysely<Database>,
): Promise<void> {
  await db
    .updateTable("batch_calls")
    .set({ ...values, ended_at: sql<Date>`coalesce(ended_at, ${clockTime})` })
    .where("organization_id", "=", viewer.organizationId)
    .where("id", "=", id)
    .execute();
}

/** Changes a locked contact. */
export async function updateContact(
  viewer: Viewer,
  { batch_job_id, position }: CallPlace,
  values: UpdateObject<Database, "batch_contacts">,
  db: Kysely<Database>,
): Promise<void> {
  await db
    .updateTable("batch_contacts")
    .set(values)
    .where("organization_id", "=", viewer.organizationId)
    .where("batch_job_id", "=", batch_job_id)
    .where("position", "=", position)
    .execute();
}

/**
 * Makes a contact that was not dialed what it was before the claim.
 *
 * @param retryAfterSeconds until it can be claimed again.
 */
export function giveBack(
  viewer: Viewer,
  call: LockedCall,
  retryAfterSeconds: number | undefined,
  db: Kysely<Database>,
): Promise<void> {
  const nextRetryAt =
    retryAfterSeconds === undefined ? call.previous_next_retry_at : timeIn(retryAfterSeconds);
  return updateContact(viewer, call, { status: call.previous_status, next_retry_at: nextRetryAt }, db);
}

/**
 * Writes what became of a contact that was dialed, and counts it once it is over.
 *
 * @param report.isCounted whether it is counted already, as failed.
 */
export async function setOutcome(
  viewer: Viewer,
  call: LockedCall,
  outcome: Outcome,
  report: {
    errorCode?: string | null;
    callDuration?: number | null;
    roomName?: string | null;
    isCounted: boolean;
  },
  db: Kysely<Database>,
): Promise<void> {
  await updateContact(
    viewer,
    call,
    {
      status: outcome.status,
      error_code: report.errorCode ?? null,
      failure_reason: outcome.failureReason,
      call_duration: report.callDuration ?? null,
      room_name: report.roomName ?? undefined,
      next_retry_at: outcome.isOver ? null : timeIn(outcome.retryAfterSeconds),
      completed_at: outcome.isOver ? sql<Date>`coalesce(completed_at, ${clockTime})` : null,
    },
    db,
  );
  if (!outcome.isOver) return;
  const isSuccessful = outcome.status === "completed";
  if (!report.isCounted) await countContact(viewer, call.batch_job_id, { isSuccessful }, db);
  else if (isSuccessful) await recountAsSuccessful(viewer, call.batch_job_id, db);
}
