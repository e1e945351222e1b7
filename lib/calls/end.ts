import { type Kysely, type RawBuilder, type Selectable, sql, type UpdateObject } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { countContact, recountAsSuccessful } from "../batch-jobs/progress";
import { contactAsJson, contactColumns } from "../contacts/list";
import type { Contact } from "../contacts/schema";
import { clockTime, timeIn } from "../database/clock-time";
import type { LockedCall } from "./lock";
import type { Outcome } from "./outcome";

/** How a call has ended, as it is stored. */
interface Ending {
  result: NonNullable<Selectable<Database["batch_calls"]>["result"]>;
  reported_at?: RawBuilder<Date>;
  error_code?: string | null;
  failure_reason?: string | null;
  call_duration?: number | null;
  room_name?: string;
}

/** Changes a locked call and its contact, in one statement. @returns both as they are then. */
export async function updateCall(
  viewer: Viewer,
  call: LockedCall,
  values: { call: UpdateObject<Database, "batch_calls">; contact: UpdateObject<Database, "batch_contacts"> },
  db: Kysely<Database>,
): Promise<{ contact: Contact; lease_until: Date }> {
  const { organizationId } = viewer;
  return db
    .with("call", (db) =>
      db
        .updateTable("batch_calls")
        .set(values.call)
        .where("organization_id", "=", organizationId)
        .where("id", "=", call.id)
        .returning("lease_until"),
    )
    .with("contact", (db) =>
      db
        .updateTable("batch_contacts")
        .set(values.contact)
        .where("organization_id", "=", organizationId)
        .where("batch_job_id", "=", call.batch_job_id)
        .where("position", "=", call.position)
        .returning(contactColumns),
    )
    .selectFrom(["contact", "call"])
    .select([contactAsJson(call.retry_max_attempts).as("contact"), "lease_until"])
    .executeTakeFirstOrThrow();
}

/** Ends a call, or corrects how it ended: when it ended stays. */
const ended = (ending: Ending) => ({
  ...ending,
  ended_at: sql<Date>`coalesce(ended_at, ${clockTime})`,
});

/**
 * Ends a call that was not dialed: its contact is what it was before the claim.
 *
 * @param retryAfterSeconds until it can be claimed again.
 */
export async function giveBack(
  viewer: Viewer,
  call: LockedCall,
  ending: Ending,
  retryAfterSeconds: number | undefined,
  db: Kysely<Database>,
): Promise<Contact> {
  const nextRetryAt =
    retryAfterSeconds === undefined ? call.previous_next_retry_at : timeIn(retryAfterSeconds);
  const contact = { status: call.previous_status, next_retry_at: nextRetryAt };
  return (await updateCall(viewer, call, { call: ended(ending), contact }, db)).contact;
}

/**
 * Ends a call that was dialed, and counts its contact once it is over.
 *
 * @param isCounted whether the contact is counted already, as failed.
 */
export async function endCall(
  viewer: Viewer,
  call: LockedCall,
  ending: Ending,
  outcome: Outcome,
  isCounted: boolean,
  db: Kysely<Database>,
): Promise<Contact> {
  const { contact } = await updateCall(
    viewer,
    call,
    {
      call: ended(ending),
      contact: {
        status: outcome.status,
        error_code: outcome.errorCode,
        failure_reason: outcome.failureReason,
        call_duration: ending.call_duration ?? null,
        room_name: ending.room_name,
        next_retry_at: outcome.isOver ? null : timeIn(outcome.retryAfterSeconds),
        completed_at: outcome.isOver ? sql<Date>`coalesce(completed_at, ${clockTime})` : null,
      },
    },
    db,
  );
  if (!outcome.isOver) return contact;
  const isSuccessful = outcome.status === "completed";
  if (!isCounted) await countContact(viewer, call.batch_job_id, { isSuccessful }, db);
  else if (isSuccessful) await recountAsSuccessful(viewer, call.batch_job_id, db);
  return contact;
}
