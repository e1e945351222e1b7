"use client";

import { createContext, type ReactNode, use, useState } from "react";
import type { BatchJobStatus } from "@/lib/batch-jobs/status";
import { jobsThatCame } from "./jobs-that-came";
import type { Standing } from "./standing";
import { useClock } from "./use-clock";
import { type Activity, activityInWords, useRefresh } from "./use-refresh";

interface Live {
  standing: Standing;
  /** Jobs that are no longer there. */
  goneIds: ReadonlySet<string>;
  /** How many jobs the list would have more: new ones, and others that came to match its filter. */
  waiting: number;
  /** The server's time by now. */
  nowMs: number;
  activity: Activity;
  refreshNow: () => void;
  setPaused: (isPaused: boolean) => void;
}

const nobody: ReadonlySet<string> = new Set();

const Context = createContext<Live | undefined>(undefined);

/** @throws outside of LiveJobs. */
export function useLive(): Live {
  const live = use(Context);
  if (!live) throw new Error("There is no LiveJobs around this");
  return live;
}

/**
 * Keeps what is inside up to date, in place. A client component, as asking again and again is a browser's
 * work; without JavaScript its first state stays.
 *
 * @param list how many jobs the page's filter had at its start, and the statuses it shows.
 * @param address where to ask how things stand, without the ids of the jobs.
 */
export function LiveJobs(props: {
  start: Standing;
  list: { total: number; statuses: BatchJobStatus[] };
  address: string;
  children: ReactNode;
}) {
  const { start, list, address, children } = props;
  const begin = { start, standing: start, goneIds: nobody, announcement: "" };
  const [state, setState] = useState(begin);
  // Another page or filter begins anew; what is around the jobs stays, and the focus with it.
  if (state.start !== start) setState(begin);
  const { standing, goneIds, announcement } = state;
  const refresh = useRefresh({
    start,
    statuses: list.statuses,
    address,
    standing,
    onRefreshed(of, next, gone, words) {
      setState((current) =>
        // An answer to what was shown before is none to what is shown now.
        current.start === of
          ? { start: of, standing: next, goneIds: gone, announcement: words || current.announcement }
          : current,
      );
    },
  });
  const nowMs = useClock(standing.asOfMs, 15_000);
  const waiting = Math.max(standing.newJobs, jobsThatCame(standing, goneIds, list));
  const running = standing.counts.running;
  return (
    <Context value={{ standing, goneIds, waiting, nowMs, ...refresh }}>
      <title>{running > 0 ? `(${running} running) Jobs – Batch Jobs` : "Jobs – Batch Jobs"}</title>
      {children}
      <p role="status" className="sr-only">
        {refresh.activity === "failing" || refresh.activity === "lost"
          ? activityInWords[refresh.activity]
          : announcement}
      </p>
    </Context>
  );
}
