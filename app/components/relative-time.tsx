import { formatTimeLeft, relativeTime } from "@/lib/format/time";
import { exactTime } from "@/lib/format/time-zone";

function formatRelative(at: Date, nowMs: number): string {
  const atMs = at.getTime();
  return atMs > nowMs ? `in ${formatTimeLeft(atMs - nowMs)}` : relativeTime(atMs, nowMs);
}

/** `3 h ago`, followed by the exact time. */
export function RelativeTime({ at, zone, nowMs }: { at: Date; zone: string; nowMs: number }) {
  return (
    <time dateTime={at.toISOString()}>
      {formatRelative(at, nowMs)} <span className="text-faint">({exactTime(at, zone)})</span>
    </time>
  );
}

/** `3 h ago`, with the exact time as a tooltip. */
export function ShortRelativeTime({ at, zone, nowMs }: { at: Date; zone: string; nowMs: number }) {
  return (
    <time dateTime={at.toISOString()} title={exactTime(at, zone)}>
      {formatRelative(at, nowMs)}
    </time>
  );
}
