import { timeLeftOrDate } from "@/lib/format/time";
import { exactTime } from "@/lib/format/time-zone";
import { TickingTime } from "./ticking-time";

interface TimeProps {
  at: Date;
  zone: string;
  nowMs: number;
}

/** `3 h ago`, followed by the exact time; from a week on the exact time alone. */
export function RelativeTime({ at, zone, nowMs }: TimeProps) {
  return <TickingTime atMs={at.getTime()} exact={exactTime(at, zone)} nowMs={nowMs} />;
}

/** `3 h ago` or a date, with the exact time as a tooltip. */
export function ShortRelativeTime({ at, zone, nowMs }: TimeProps) {
  const exact = exactTime(at, zone);
  return (
    <time dateTime={at.toISOString()} title={exact}>
      {timeLeftOrDate(at.getTime(), exact, nowMs)}
    </time>
  );
}
