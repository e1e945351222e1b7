import { describeSipCode, isSipCode } from "@/lib/calls/sip-codes";
import { type CallResult, noReport } from "@/lib/calls/status";
import type { ListedContact } from "@/lib/contacts/list";
import { quantity } from "@/lib/format/quantity";
import { formatCallDuration } from "@/lib/format/time";
import { contactStatusLabel } from "../../components/contact-status";

/** What a status leaves open, and an error code may tell. */
const vague: CallResult[] = ["failed", "carrier_error", "blocked"];

/** ` (SIP 486)`; empty without a code. */
function codeInBrackets(code: string | null): string {
  if (code === null) return "";
  return isSipCode(code) ? ` (SIP ${code})` : ` (${code})`;
}

/** How a call ended: `Busy (SIP 486)`, `Carrier error: service unavailable (SIP 503)`. */
export function describeResult(result: CallResult, errorCode: string | null): string {
  const words = errorCode !== null && vague.includes(result) ? describeSipCode(errorCode) : undefined;
  return `${contactStatusLabel(result)}${words ? `: ${words}` : ""}${codeInBrackets(errorCode)}`;
}

/** Whether a reason says what its code does: `SIP status: 486 Busy Here`. */
function isOfCode(reason: string, code: string | null): boolean {
  return code !== null && isSipCode(code) && /^(?:SIP(?: status)?:? )?(\d{3})\b/i.exec(reason)?.[1] === code;
}

export const neverCalled = "Never called";

/**
 * What came of a contact, where its status does not say it all, and how long the call took. Undefined while it waits for a
 * call or is being called: what is known then is of the call before.
 */
export function describeOutcome(contact: ListedContact): string | undefined {
  const { status, attempt_count: attempts, error_code: code, failure_reason: reason } = contact;
  switch (status) {
    case "pending":
    case "queued":
    case "dialing":
      return undefined;
    case "cancelled":
      return attempts === 0 ? neverCalled : `Cancelled after ${quantity(attempts, "attempt")}`;
  }
  if (code === noReport.errorCode) return noReport.failureReason;
  const { call_duration: seconds } = contact;
  const words =
    reason !== null && !isOfCode(reason, code)
      ? reason + (code !== null && reason.includes(code) ? "" : codeInBrackets(code))
      : code !== null && describeResult(status, code);
  return [words, seconds !== null && formatCallDuration(seconds)].filter(Boolean).join(" · ") || undefined;
}
