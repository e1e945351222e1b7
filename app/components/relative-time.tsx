import { formatTimeLeft, relativeTime } from "@/lib/format/time";
import { exactTime } from "@/lib/format/time-zone";

function inRelation(at: Date, nowMs: number): string {
  const atMs = at.getTime();
  return atMs > nowMs ? `in ${formatTimeLeft(atMs - nowMs)}` : relativeTime(atMs, nowMs);
}

/** A time as `3 h ago`, the exact one with its zone behind it: what is looked at seldom can say both. */
export function RelativeTime({ at, zone, nowMs }: { at: Date; zone: string; nowMs: number }) {
  return (
    <time dateTime={at.toISOString()}>
      {inRelation(at, nowMs)} <span className="text-faint">({exactTime(at, zone)})</span>
    </time>
  );
}

/** The same where there is room for the short one alone. */
export function ShortRelativeTime({ at, zone, nowMs }: { at: Date; zone: string; nowMs: number }) {
  return (
    <time dateTime={at.toISOString()} title={exactTime(at, zone)}>
      {inRelation(at, nowMs)}
    </time>
  );
}
