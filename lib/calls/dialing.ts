import type { Kysely } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { contactIdOf } from "../contacts/visible";
import { inUtcSeconds } from "../format/time";
import { HttpError } from "../http/http-error";
import { changeCall, type FoundCall } from "./change";
import { noteDialerOfCall } from "./dialers";
import type { Dialing, DialingRequest } from "./schema";
import { updateDialing } from "./update";

/**
 * Permits a claimed call to be dialed. Only this answer does: of this, a cancelled job and a lease that ends, exactly one
 * wins. For a call that is being dialed it extends the lease.
 *
 * @param db a transaction, or the pool.
 * @throws HttpError 404 for a call that the viewer cannot see, 409 for one that must not be dialed.
 */
export async function permitDialing(
  viewer: Viewer,
  callId: string,
  request: DialingRequest,
  db: Kysely<Database>,
): Promise<Dialing> {
  viewer.require("dial");
  return changeCall(viewer, callId, db, async (call) => {
    requireDialable(call);
    // First, as a claim locks its dialer before calls.
    if (call.dialing_at !== null) await noteDialerOfCall(viewer, callId, db);
    const leaseUntil = await updateDialing(viewer, call, request, db);
    return leaseUntil && toDialing(call, leaseUntil);
  });
}

function toDialing(call: FoundCall, leaseUntil: Date): Dialing {
  return {
    callId: call.id,
    batchJobId: call.batch_job_id,
    contactId: contactIdOf(call),
    attempt: call.attempt,
    leaseUntil: inUtcSeconds(leaseUntil),
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

function requireDialable({ result, dialing_at, is_leased }: FoundCall): void {
  if (result === "cancelled") throw callCancelled;
  if (result === "lapsed" || result === "no_report") throw leaseLost;
  if (result !== null) {
    throw new HttpError(409, "already_reported", `The call has already ended as ${result}: do not dial`);
  }
  // A call under way whose lease has ended keeps its contact until the server settles it.
  if (dialing_at === null && !is_leased) throw leaseLost;
}
