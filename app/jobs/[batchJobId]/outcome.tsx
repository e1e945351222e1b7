import { formatCallDuration } from "@/lib/format/time";

export interface OutcomeOf {
  failure_reason?: string | null;
  error_code?: string | null;
  call_duration?: number | null;
}

/** Why a call failed, as its dialer or the server says, and how long it took. */
export function Outcome({ of }: { of: OutcomeOf }) {
  const { failure_reason: reason, error_code: code, call_duration: seconds } = of;
  const words = reason ?? (code && "Error");
  return (
    <>
      {words && <span>{words}</span>}
      {code && <span className="text-muted"> ({code})</span>}
      {typeof seconds === "number" && (
        <span className="text-muted tabular-nums sm:block">
          {words && " "}
          {formatCallDuration(seconds)}
        </span>
      )}
    </>
  );
}
