import type { Kysely } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { getContact } from "../contacts/find";
import type { Contact } from "../contacts/schema";
import { HttpError } from "../http/http-error";
import { changeCall, type FoundCall } from "./change";
import { callCancelled, leaseLost } from "./dialing";
import { outcomeOf } from "./outcome";
import type { Result, ResultRequest } from "./schema";
import type { CallResult } from "./status";
import { endCall, releaseCall } from "./update";

/**
 * Ends a call with the result that its dialer reports. The same report again gets the same answer. A report that comes
 * after the server has settled the call, whose lease had ended, corrects the contact and the counters.
 *
 * @param db a transaction, or the pool.
 * @returns the contact as it is then.
 * @throws HttpError 404 for a call that the viewer cannot see, 409 for a result that the call cannot have.
 */
export async function reportResult(
  viewer: Viewer,
  callId: string,
  report: ResultRequest,
  db: Kysely<Database>,
): Promise<Result> {
  viewer.require("dial");
  return changeCall(viewer, callId, db, async (call) => {
    const contact = isRepeated(call, report)
      ? await getContact(viewer, call, db)
      : await applyReport(viewer, call, report, db);
    return contact && { callId, batchJobId: call.batch_job_id, contact };
  });
}

/** @returns undefined when the call is not as it was read. */
function applyReport(
  viewer: Viewer,
  call: FoundCall,
  report: ResultRequest,
  db: Kysely<Database>,
): Promise<Contact | undefined> {
  const { status, retryAfterSeconds, ...details } = report;
  if (status === "not_dialed") {
    requireNotDialed(call);
    const ending = { result: status, isReported: true, ...details, roomName: null };
    return releaseCall(viewer, call, ending, retryAfterSeconds, db);
  }
  requireDialed(call, status);
  const isLate = call.result === "no_report";
  const outcome = outcomeOf({ ...report, status }, call, !isLate);
  return endCall(viewer, call, { result: status, isReported: true, ...details }, outcome, isLate, db);
}

/** @throws HttpError 409 when another result was reported. */
function isRepeated(call: FoundCall, report: ResultRequest): boolean {
  if (call.reported_at === null) return false;
  const isSame =
    call.result === report.status &&
    call.error_code === (report.errorCode ?? null) &&
    call.failure_reason === (report.failureReason ?? null) &&
    call.call_duration === (report.callDuration ?? null);
  if (isSame) return true;
  throw new HttpError(
    409,
    "already_reported",
    `This call was already reported as ${call.result}; only the same report can be repeated`,
  );
}

const notDialedYet = (status: CallResult) =>
  new HttpError(
    409,
    "invalid_result",
    `You did not ask to dial this call, so it cannot end as ${status}; report not_dialed`,
  );
const dialedAlready = new HttpError(
  409,
  "invalid_result",
  "This call was allowed to be dialed, so it cannot end as not_dialed; report failed",
);

function requireNotDialed({ result, dialing_at }: FoundCall): void {
  if (dialing_at !== null) throw dialedAlready;
  if (result === "cancelled") throw callCancelled;
  if (result !== null) throw leaseLost;
}

function requireDialed({ result, dialing_at }: FoundCall, status: CallResult): void {
  if (dialing_at !== null) return;
  if (result === "cancelled") throw callCancelled;
  throw result === null ? notDialedYet(status) : leaseLost;
}
