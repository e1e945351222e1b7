"use client";

import { isNear, timeLeftOrDate } from "@/lib/format/time";
import { useNow } from "./clock";

/** RelativeTime, which goes on inside of a Clock. @param props with the time as the server writes it. */
export function TickingTime(props: { atMs: number; exact: string; nowMs: number }) {
  const { atMs, exact } = props;
  const nowMs = useNow(props.nowMs);
  return (
    <time dateTime={new Date(atMs).toISOString()}>
      {isNear(atMs, nowMs) ? (
        <>
          <span className="print:hidden">{timeLeftOrDate(atMs, exact, nowMs)} </span>
          <span className="text-faint">({exact})</span>
        </>
      ) : (
        exact
      )}
    </time>
  );
}
