import type { Kysely } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { getContact } from "../contacts/list";
import type { Contact } from "../contacts/schema";
import { clockTime } from "../database/clock-time";
import { HttpError } from "../http/http-error";
import { callCancelled, leaseLost } from "./dialing";
import { endCall, giveBack } from "./end";
import { type LockedCall, lockCall } from "./lock";
import { outcomeOf } from "./outcome";
import type { Result, ResultRequest } from "./schema";
import type { CallResult } from "./status";

/**
 * Ends a call with the result that its dialer reports. The same report again gets the same answer. A report that comes
 * after the server has settled the call, whose lease had ended, corrects the contact and the counters.
 *
 * @param db a transaction.
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
  const call = await lockCall(viewer, callId, "with job", db);
  const contact = isRepeated(call, report)
    ? await getContact(viewer, call, db)
    : await applyReport(viewer, call, report, db);
  return { callId, batchJobId: call.batch_job_id, contact };
}

function applyReport(
  viewer: Viewer,
  call: LockedCall,
  report: ResultRequest,
  db: Kysely<Database>,
): Promise<Contact> {
  const { status } = report;
  if (status === "not_dialed") {
    requireNotDialed(call);
    const values = {
      result: status,
      reported_at: clockTime,
      error_code: report.errorCode,
      failure_reason: report.failureReason,
      call_duration: report.callDuration,
    } as const;
    return giveBack(viewer, call, values, report.retryAfterSeconds, db);
  }
  requireDialed(call, status);
  const values = {
    result: status,
    reported_at: clockTime,
    error_code: report.errorCode,
    failure_reason: report.failureReason,
    call_duration: report.callDuration,
    room_name: report.roomName ?? undefined,
  };
  const isLate = call.result === "no_report";
  return endCall(viewer, call, values, outcomeOf({ ...report, status }, call, !isLate), isLate, db);
}

/** @throws HttpError 409 when another result was reported. */
function isRepeated(call: LockedCall, report: ResultRequest): boolean {
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
    `The call was already reported as ${call.result}, with other details`,
  );
}

const notDialedYet = (status: CallResult) =>
  new HttpError(
    409,
    "invalid_result",
    `The call was never cleared for dialing, so it cannot end as ${status}; report not_dialed`,
  );
const dialedAlready = new HttpError(
  409,
  "invalid_result",
  "The call was cleared for dialing, so it cannot end as not_dialed; report failed",
);

function requireNotDialed({ result, dialing_at }: LockedCall): void {
  if (dialing_at !== null) throw dialedAlready;
  if (result === "cancelled") throw callCancelled;
  if (result !== null) throw leaseLost;
}

function requireDialed({ result, dialing_at }: LockedCall, status: CallResult): void {
  if (dialing_at !== null) return;
  if (result === "cancelled") throw callCancelled;
  throw result === null ? notDialedYet(status) : leaseLost;
}
