import { type ListedCall, listedCallsMax } from "@/lib/calls/list";
import { exactTime } from "@/lib/format/time-zone";
import { contactStatusLabel } from "../../components/contact-status";
import { Outcome } from "./outcome";

function describeResult({ result, dialing_at }: ListedCall): string {
  switch (result) {
    case null:
      return dialing_at ? "Dialing" : "Reserved by a dialer";
    case "not_dialed":
      return "Not dialed";
    case "lapsed":
      return "Not dialed: the dialer’s reservation expired";
    case "no_report":
      return "No report from the dialer";
    case "cancelled":
      return "Cancelled before it was dialed";
    default:
      return contactStatusLabel(result);
  }
}

/** The calls to a contact, newest first. */
export function Calls({ calls, zone, name }: { calls: ListedCall[]; zone: string; name: string }) {
  if (calls.length === 0) return <p className="text-muted">No calls yet</p>;
  return (
    <ol
      aria-label={`Calls to ${name}`}
      className="flex flex-col gap-2 wrap-anywhere border-l-2 border-line pl-3"
    >
      {calls.map((call) => (
        <li key={call.id}>
          <p className="font-medium">
            Attempt {call.attempt}: {describeResult(call)}
          </p>
          <div className="text-muted">
            <Outcome of={call} />
          </div>
          <p className="text-xs text-faint">
            {exactTime(call.dialing_at ?? call.claimed_at, zone)} · Dialer {call.dialer}
          </p>
        </li>
      ))}
      {calls.length === listedCallsMax && <li className="text-muted">Older calls are not shown.</li>}
    </ol>
  );
}
