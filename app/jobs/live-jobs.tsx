"use client";

import { createContext, type ReactNode, use, useState } from "react";
import type { StatusCounts } from "@/lib/batch-jobs/overview";
import type { BatchJobView } from "@/lib/batch-jobs/view";
import { useClock } from "./use-clock";
import { type Activity, useRefresh } from "./use-refresh";

/** How the jobs of this page stand: first from the page itself, then from `/jobs/live`. */
export interface Standing {
  jobs: BatchJobView[];
  /** A status whose jobs are too many to count again and again is missing in an answer. */
  counts: Partial<StatusCounts>;
  newJobs: number;
  overdue: number;
  stalled: number;
  nextStartMs: number | null;
  /** The server's clock, in ms since 1970: the browser's may be wrong. */
  asOfMs: number;
}

interface Live {
  standing: Standing;
  /** Jobs that are no longer there. */
  goneIds: ReadonlySet<string>;
  /** The server's time by now. */
  nowMs: number;
  activity: Activity;
  /** What changed last, in words for screen readers. */
  announcement: string;
  refreshNow: () => void;
  setPaused: (isPaused: boolean) => void;
}

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
 * @param address where to ask how things stand, without the ids of the jobs.
 */
export function LiveJobs(props: { start: Standing; address: string; children: ReactNode }) {
  const { start, address, children } = props;
  const [begun, setBegun] = useState(start);
  const [standing, setStanding] = useState(start);
  const [goneIds, setGoneIds] = useState<ReadonlySet<string>>(new Set());
  const [announcement, setAnnouncement] = useState("");
  // Another page or filter begins anew; what is around the jobs stays, and the focus with it.
  if (begun !== start) {
    setBegun(start);
    setStanding(start);
    setGoneIds(new Set());
    setAnnouncement("");
  }
  const refresh = useRefresh({
    address,
    standing,
    goneIds,
    onRefreshed(next, gone, words) {
      setStanding(next);
      if (gone.size > 0) setGoneIds(new Set([...goneIds, ...gone]));
      if (words) setAnnouncement(words);
    },
  });
  const nowMs = useClock(standing.asOfMs, 15_000);
  const running = standing.counts.running ?? start.counts.running ?? 0;
  return (
    <Context value={{ standing, goneIds, nowMs, announcement, ...refresh }}>
      <title>{running > 0 ? `(${running} running) Jobs – Batch Jobs` : "Jobs – Batch Jobs"}</title>
      {children}
      <p role="status" className="sr-only">
        {announcement}
      </p>
    </Context>
  );
}
