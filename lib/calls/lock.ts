import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { visibleContacts } from "../contacts/visible";
import { clockTime } from "../database/clock-time";
import { HttpError } from "../http/http-error";
import { visibleCalls } from "./visible";

// Locks are taken in one order, so that no two transactions wait for each other: the organization's calling row, jobs in
// the order of their ids, contact, call. What must not change is read by the statement after the lock: the one that waits
// for it sees other rows as of before the wait.

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

export interface CallPlace {
  id: string;
  batch_job_id: string;
  position: number;
}

/** @throws HttpError 404 for a call that the viewer cannot see, whether it exists or not. */
export async function findCallPlace(
  viewer: Viewer,
  callId: string,
  db: Kysely<Database>,
): Promise<CallPlace> {
  const call = await visibleCalls(viewer.scope, db)
    .where("id", "=", callId)
    .select(["id", "batch_job_id", "position"])
    .executeTakeFirst();
  if (!call) throw new HttpError(404, "call_not_found", "Call not found");
  return call;
}

/** Locks a call's contact, and with it its calls. */
export async function lockContact(viewer: Viewer, place: CallPlace, db: Kysely<Database>): Promise<void> {
  await visibleContacts(viewer.scope, sql.val(place.batch_job_id), db)
    .where("position", "=", place.position)
    .select("position")
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
}

/** A call whose contact is locked. */
export async function readCall(viewer: Viewer, { id }: CallPlace, db: Kysely<Database>) {
  return visibleCalls(viewer.scope, db)
    .where("id", "=", id)
    .select([
      "id",
      "batch_job_id",
      "position",
      "attempt",
      "previous_status",
      "previous_next_retry_at",
      "lease_until",
      "dialing_at",
      "result",
      "reported_at",
      "error_code",
      "failure_reason",
      "call_duration",
    ])
    .select(({ eb }) => eb("lease_until", ">", clockTime).as("is_leased"))
    .executeTakeFirstOrThrow();
}

export type LockedCall = Awaited<ReturnType<typeof readCall>>;
