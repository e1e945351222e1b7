"use client";

import { createContext, type ReactNode, use, useState } from "react";
import type { DisplayedJob } from "@/lib/batch-jobs/displayed-job";
import { activeStatuses, type BatchJobStatus } from "@/lib/batch-jobs/status";
import { formatNumber } from "@/lib/format/quantity";
import { buttonClass } from "../components/button";
import { useClock } from "../components/clock";
import { Notice } from "../components/notice";
import { CountedTitle } from "../watch/watching";
import { describeChanges, describeNewJobs } from "./describe-changes";
import type { JobsSnapshot } from "./jobs-snapshot";
import { LiveBar, liveLabels } from "./live-bar";
import { NoDialer } from "./no-dialer";
import { type Refresh, useRefresh } from "./use-refresh";

interface LiveContext {
  snapshot: JobsSnapshot;
  deletedIds: ReadonlySet<string>;
  /** How many jobs have been added to the list since it was loaded. */
  newJobs: number;
  /** The server's time. */
  nowMs: number;
  refresh: Refresh;
}

/** What the page's list had when it was loaded. */
interface InitialList {
  total: number;
  /** The statuses that it shows. */
  statuses: BatchJobStatus[];
  /** Whether jobs are counted by nothing but their status, so that the counts tell how many match. */
  isCounted: boolean;
}

const noIds: ReadonlySet<string> = new Set();

const Context = createContext<LiveContext | undefined>(undefined);

/** @throws outside of LiveJobs. */
export function useLive(): LiveContext {
  const live = use(Context);
  if (!live) throw new Error("useLive needs LiveJobs around it");
  return live;
}

/** Keeps its children up to date. @param props with the `address` of the refresh, without the jobs' ids. */
export function LiveJobs(props: {
  start: JobsSnapshot;
  list: InitialList;
  address: string;
  children: ReactNode;
}) {
  const { start, list, address, children } = props;
  const initial = { start, snapshot: start, deletedIds: noIds, announcement: "" };
  const [state, setState] = useState(initial);
  // Another page or filter starts anew, but keeps its children and with them the focus.
  if (state.start !== start) setState(initial);
  const { snapshot, deletedIds, announcement } = state;
  const ids = snapshot.jobs.map(({ id }) => id);
  // In a list of running jobs, others may start when all of them have ended.
  const isOver = ({ status, activity }: DisplayedJob) =>
    !activeStatuses.includes(status) && list.statuses.includes(status) && !activity?.openCalls;
  const refresh = useRefresh<JobsSnapshot>({
    start,
    address: `${address}&ids=${ids.join(",")}`,
    isFinished: snapshot.jobs.length > 0 && snapshot.jobs.every(isOver),
    asOfMs: snapshot.asOfMs,
    onAnswer(answer) {
      const { next, deleted, message, isChanged } = merge(snapshot, answer);
      setState((current) =>
        // A response for the previous page is dropped.
        current.start === start
          ? { start, snapshot: next, deletedIds: deleted, announcement: message || current.announcement }
          : current,
      );
      return message !== "" || isChanged;
    },
  });
  const nowMs = useClock(snapshot.asOfMs, 5_000);
  const newJobs = Math.max(snapshot.newJobs, countNewMatches(snapshot, deletedIds, list));
  const running = snapshot.counts.running;
  return (
    <Context value={{ snapshot, deletedIds, newJobs, nowMs, refresh }}>
      <CountedTitle before={running > 0 ? `(${running} running) ` : ""} title="Jobs – Batch Jobs" />
      {children}
      <p role="status" className="sr-only">
        {refresh.activity === "failing" || refresh.activity === "noAccess"
          ? liveLabels[refresh.activity]
          : announcement}
      </p>
    </Context>
  );
}

/** Unchanged jobs stay the same objects. That an estimated end moves on is no change to ask again soon for. */
function merge(before: JobsSnapshot, answer: JobsSnapshot) {
  const current = new Map(answer.jobs.map((job) => [job.id, job]));
  const deleted = new Set(before.jobs.flatMap(({ id }) => (current.has(id) ? [] : [id])));
  let isChanged = false;
  const jobs = before.jobs.map((job) => {
    const now = current.get(job.id);
    if (!now) return job;
    if (now.changedMs === job.changedMs && JSON.stringify(now.activity) === JSON.stringify(job.activity))
      return job;
    isChanged ||= now.changedMs !== job.changedMs || now.activity?.openCalls !== job.activity?.openCalls;
    return now;
  });
  const next = { ...answer, jobs };
  return { next, deleted, message: describeChanges(before, next), isChanged };
}

/** How many jobs have come to match the filter, new or not: in a list of running jobs, those started since. */
function countNewMatches(
  { counts, jobs }: JobsSnapshot,
  deletedIds: ReadonlySet<string>,
  { total, statuses, isCounted }: InitialList,
): number {
  if (!isCounted) return 0;
  const matching = statuses.reduce((sum, status) => sum + counts[status], 0);
  const left = jobs.filter(({ id, status }) => deletedIds.has(id) || !statuses.includes(status)).length;
  return Math.max(0, matching - (total - left));
}

export function LiveJobsBar({ asOf }: { asOf: string }) {
  const { snapshot, refresh } = useLive();
  return <LiveBar asOf={asOf} asOfMs={snapshot.asOfMs} refresh={refresh} />;
}

/** That jobs wait because no dialer is there. */
export function NoDialerNotice({ organizationId }: { organizationId: string }) {
  const { snapshot, nowMs } = useLive();
  if (snapshot.noDialerSince === undefined) return null;
  return (
    <div className="mb-3">
      <Notice isLive={false}>
        <NoDialer since={snapshot.noDialerSince} organizationId={organizationId} nowMs={nowMs} />
      </Notice>
    </div>
  );
}

/** How many jobs have one of these statuses now. */
export function LiveCount({ statuses }: { statuses: BatchJobStatus[] }) {
  const { counts } = useLive().snapshot;
  const sum = statuses.reduce((total, status) => total + counts[status], 0);
  return <span className="text-xs tabular-nums">{formatNumber(sum)}</span>;
}

/**
 * New jobs are shown on request, so that no row moves while it is read.
 *
 * @param props with `address`, where they are; `isOnTop` unless the order puts them anywhere in the list.
 */
export function NewJobs({ address, isOnTop }: { address: string; isOnTop: boolean }) {
  const { newJobs } = useLive();
  if (newJobs === 0) return null;
  const what = describeNewJobs(newJobs);
  return (
    // Beside the word Name, so that it hides no other heading.
    <p className="sticky top-15 z-10 flex h-0 justify-center wide:justify-start wide:pl-20 print:hidden">
      <a href={address} className={`${buttonClass("primary")} rounded-full shadow-md wide:h-7 wide:text-xs`}>
        {isOnTop ? `Show ${what.toLowerCase()}` : `${what} · Reload`}
      </a>
    </p>
  );
}
