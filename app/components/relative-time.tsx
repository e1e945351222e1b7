import { formatTimeLeft, isNear, timeOrDate } from "@/lib/format/time";
import { exactTime } from "@/lib/format/time-zone";

/** `3 h ago`, `in 5 d`, and from a week on the date. */
function formatRelative(at: Date, zone: string, nowMs: number): string {
  const atMs = at.getTime();
  const isSoon = atMs > nowMs && isNear(atMs, nowMs);
  return isSoon ? `in ${formatTimeLeft(atMs - nowMs)}` : timeOrDate(atMs, exactTime(at, zone), nowMs);
}

/** `3 h ago`, followed by the exact time; from a week on the exact time alone. */
export function RelativeTime({ at, zone, nowMs }: { at: Date; zone: string; nowMs: number }) {
  const exact = exactTime(at, zone);
  return (
    <time dateTime={at.toISOString()}>
      {isNear(at.getTime(), nowMs) ? (
        <>
          {formatRelative(at, zone, nowMs)} <span className="text-faint">({exact})</span>
        </>
      ) : (
        exact
      )}
    </time>
  );
}

/** `3 h ago` or a date, with the exact time as a tooltip. */
export function ShortRelativeTime({ at, zone, nowMs }: { at: Date; zone: string; nowMs: number }) {
  return (
    <time dateTime={at.toISOString()} title={exactTime(at, zone)}>
      {formatRelative(at, zone, nowMs)}
    </time>
  );
}
