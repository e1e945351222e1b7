import { type ListedCall, listedCallsMax } from "@/lib/calls/list";
import { noReport } from "@/lib/calls/status";
import { formatCallDuration } from "@/lib/format/time";
import { exactTime } from "@/lib/format/time-zone";
import { DefinitionList } from "../../components/definition-list";
import { describeResult } from "./outcome";

function describeCall({ result, dialing_at, error_code }: ListedCall): string {
  switch (result) {
    case null:
      return dialing_at ? "Dialing" : "Reserved by a dialer";
    case "not_dialed":
      return "Not dialed";
    case "lapsed":
      return "Not dialed: the dialer’s reservation expired";
    case "no_report":
      return noReport.failureReason;
    case "cancelled":
      return "Cancelled before it was dialed";
    default:
      return describeResult(result, error_code);
  }
}

/** The calls to a contact, newest first. @param props with `name`, the contact's. */
export function Calls({ calls, zone, name }: { calls: ListedCall[]; zone: string; name: string }) {
  const time = (at: Date | null) => at && <time dateTime={at.toISOString()}>{exactTime(at, zone)}</time>;
  return (
    <ol aria-label={`Calls to ${name}`} className="flex flex-col gap-3">
      {calls.map((call) => (
        <li key={call.id} className="border-l-2 border-line pl-3">
          <p className="font-medium">
            Attempt {call.attempt}: {describeCall(call)}
          </p>
          <DefinitionList
            columns="grid-cols-[4rem_minmax(0,1fr)]"
            className="text-xs"
            items={[
              [call.dialing_at ? "Started" : "Reserved", time(call.dialing_at ?? call.claimed_at)],
              ["Ended", time(call.ended_at)],
              ["Duration", call.call_duration !== null && formatCallDuration(call.call_duration)],
              ["Reason", call.failure_reason],
              ["Room", call.room_name],
              ["Call ID", <code key="id">{call.id}</code>],
              ["Dialer", call.dialer],
            ]}
          />
        </li>
      ))}
      {calls.length === listedCallsMax && <li className="text-muted">Older calls are not shown.</li>}
    </ol>
  );
}
