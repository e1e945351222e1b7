"use client";

import { createContext, type ReactNode, use, useState } from "react";
import type { BatchJobStatus } from "@/lib/batch-jobs/status";
import { countNewMatches } from "./count-new-matches";
import type { JobsSnapshot } from "./jobs-snapshot";
import { useClock } from "./use-clock";
import { type Activity, activityLabels, useRefresh } from "./use-refresh";

interface Live {
  snapshot: JobsSnapshot;
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
  start: JobsSnapshot;
  list: { total: number; statuses: BatchJobStatus[] };
  address: string;
  children: ReactNode;
}) {
  const { start, list, address, children } = props;
  const begin = { start, snapshot: start, goneIds: nobody, announcement: "" };
  const [state, setState] = useState(begin);
  // Another page or filter begins anew; what is around the jobs stays, and the focus with it.
  if (state.start !== start) setState(begin);
  const { snapshot, goneIds, announcement } = state;
  const refresh = useRefresh({
    start,
    statuses: list.statuses,
    address,
    snapshot,
    onRefreshed(of, next, gone, words) {
      setState((current) =>
        // An answer to what was shown before is none to what is shown now.
        current.start === of
          ? { start: of, snapshot: next, goneIds: gone, announcement: words || current.announcement }
          : current,
      );
    },
  });
  const nowMs = useClock(snapshot.asOfMs, 15_000);
  const waiting = Math.max(snapshot.newJobs, countNewMatches(snapshot, goneIds, list));
  const running = snapshot.counts.running;
  return (
    <Context value={{ snapshot, goneIds, waiting, nowMs, ...refresh }}>
      <title>{running > 0 ? `(${running} running) Jobs – Batch Jobs` : "Jobs – Batch Jobs"}</title>
      {children}
      <p role="status" className="sr-only">
        {refresh.activity === "failing" || refresh.activity === "lost"
          ? activityLabels[refresh.activity]
          : announcement}
      </p>
    </Context>
  );
}
