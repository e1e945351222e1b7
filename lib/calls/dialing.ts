import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { contactIdOf } from "../contacts/visible";
import { clockTime, timeIn } from "../database/clock-time";
import { inUtcSeconds } from "../format/time";
import { HttpError } from "../http/http-error";
import { updateCall } from "./end";
import { type LockedCall, lockCall } from "./lock";
import type { Dialing, DialingRequest } from "./schema";

/**
 * Permits a claimed call to be dialed. Only this answer does: of this, a cancelled job and a lease that ends, exactly one
 * wins. For a call that is being dialed it extends the lease.
 *
 * @param db a transaction.
 * @throws HttpError 404 for a call that the viewer cannot see, 409 for one that must not be dialed.
 */
export async function permitDialing(
  viewer: Viewer,
  callId: string,
  { leaseSeconds, roomName }: DialingRequest,
  db: Kysely<Database>,
): Promise<Dialing> {
  viewer.require("dial");
  const call = await lockCall(viewer, callId, "alone", db);
  requireDialable(call);

  const isFirst = call.dialing_at === null;
  const room_name = roomName ?? sql.ref<string>("room_name");
  const { lease_until } = await updateCall(
    viewer,
    call,
    {
      call: { lease_until: timeIn(leaseSeconds), room_name, ...(isFirst && { dialing_at: clockTime }) },
      contact: {
        room_name,
        ...(isFirst && { status: "dialing", attempt_count: call.attempt, last_attempt_at: clockTime }),
      },
    },
    db,
  );
  return {
    callId,
    batchJobId: call.batch_job_id,
    contactId: contactIdOf(call),
    attempt: call.attempt,
    leaseUntil: inUtcSeconds(lease_until),
  };
}

/** Why a call of this result, decided by the server, must not be dialed. */
export const leaseLost = new HttpError(
  409,
  "lease_lost",
  "The call’s lease has ended, and its contact can be given to another dialer: do not dial",
);
export const callCancelled = new HttpError(
  409,
  "call_cancelled",
  "The call was cancelled together with its job: do not dial",
);

function requireDialable({ result, dialing_at, is_leased }: LockedCall): void {
  if (result === "cancelled") throw callCancelled;
  if (result === "lapsed" || result === "no_report") throw leaseLost;
  if (result !== null) {
    throw new HttpError(409, "already_reported", `The call has already ended as ${result}: do not dial`);
  }
  // A call under way whose lease has ended keeps its contact until the server settles it.
  if (dialing_at === null && !is_leased) throw leaseLost;
}
