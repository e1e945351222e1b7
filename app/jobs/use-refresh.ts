import { useCallback, useEffect, useRef, useState } from "react";
import { activeStatuses, type BatchJobStatus } from "@/lib/batch-jobs/status";
import { describeChanges } from "./describe-changes";
import type { JobsSnapshot } from "./jobs-snapshot";

const fastMs = 3_000;
const slowMs = 30_000;
const backOff = 1.5;
/** Longer than the server's own timeout. */
const timeoutMs = 10_000;
const pausedKey = "batch-jobs.paused";

/**
 * `finished`: no job shown will change any more. `noAccess`: the session has ended, or the person is no longer a member.
 */
export type Activity = "live" | "paused" | "finished" | "failing" | "noAccess";

export const activityLabels: Record<Activity, string> = {
  live: "",
  paused: "Paused",
  finished: "All jobs shown have finished",
  failing: "Couldn’t update, retrying",
  noAccess: "You’re signed out or no longer a member of this organization.",
};

interface RefreshOptions {
  /** The page's first snapshot; another object is another page or filter. */
  start: JobsSnapshot;
  address: string;
  statuses: BatchJobStatus[];
  snapshot: JobsSnapshot;
  /** @param of the `start` at the time of the request. */
  onRefreshed(of: JobsSnapshot, next: JobsSnapshot, deleted: ReadonlySet<string>, announcement: string): void;
}

/**
 * Polls every three seconds while jobs change, then less often, down to twice a minute; at once when the tab becomes
 * visible; not while it is hidden or paused, nor when all jobs shown have finished.
 */
export function useRefresh(options: RefreshOptions) {
  const latest = useRef(options);
  const delayMs = useRef(fastMs);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isFetching = useRef(false);
  const [isPaused, setIsPaused] = useState(false);
  const [failure, setFailure] = useState<"failing" | "noAccess">();
  const { jobs, asOfMs } = options.snapshot;
  // In a list of running jobs, others may start when all of them have ended.
  const isOver = (status: BatchJobStatus) =>
    !activeStatuses.includes(status) && options.statuses.includes(status);
  const isFinished = jobs.length > 0 && jobs.every(({ status }) => isOver(status));
  useEffect(() => {
    if (latest.current.start !== options.start) {
      delayMs.current = fastMs;
      setFailure(undefined);
    }
    latest.current = options;
  });

  const refreshNow = useCallback(async () => {
    if (isFetching.current) return;
    isFetching.current = true;
    clearTimeout(timer.current);
    const { start, address, snapshot, onRefreshed } = latest.current;
    const ids = snapshot.jobs.map(({ id }) => id);
    try {
      const response = await fetch(`${address}&ids=${ids.join(",")}`, {
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (response.status === 401 || response.status === 404) {
        setFailure("noAccess");
        return;
      }
      if (!response.ok) throw new Error(String(response.status));
      const answer: JobsSnapshot = await response.json();
      const { next, deleted, announcement } = merge(snapshot, answer, ids);
      delayMs.current =
        announcement || next.jobs !== snapshot.jobs ? fastMs : Math.min(slowMs, delayMs.current * backOff);
      setFailure(undefined);
      onRefreshed(start, next, deleted, announcement);
    } catch {
      delayMs.current = Math.min(slowMs, delayMs.current * 2);
      setFailure("failing");
    } finally {
      isFetching.current = false;
    }
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each response and each failure schedules the next request
  useEffect(() => {
    if (isPaused || failure === "noAccess") return;
    let isCancelled = false;
    const schedule = () => {
      // A request that was under way when this was paused schedules no other.
      if (isCancelled) return;
      clearTimeout(timer.current);
      if (document.hidden || isFinished) return;
      timer.current = setTimeout(() => refreshNow().then(schedule), delayMs.current);
    };
    const onVisibility = () => {
      if (document.hidden) clearTimeout(timer.current);
      else refreshNow().then(schedule);
    };
    schedule();
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      isCancelled = true;
      clearTimeout(timer.current);
      document.removeEventListener("visibilitychange", onVisibility);
    };
  }, [isPaused, isFinished, failure, asOfMs, refreshNow]);

  // A pause lasts for the tab.
  useEffect(() => setIsPaused(sessionStorage.getItem(pausedKey) !== null), []);
  const setPaused = useCallback((paused: boolean) => {
    setIsPaused(paused);
    if (paused) sessionStorage.setItem(pausedKey, "");
    else sessionStorage.removeItem(pausedKey);
    delayMs.current = fastMs;
  }, []);

  const activity: Activity =
    failure === "noAccess" ? "noAccess" : isPaused ? "paused" : isFinished ? "finished" : (failure ?? "live");
  return { activity, refreshNow, setPaused };
}

/** Unchanged jobs stay the same objects. */
function merge(before: JobsSnapshot, answer: JobsSnapshot, requestedIds: string[]) {
  const current = new Map(answer.jobs.map((job) => [job.id, job]));
  const deleted = new Set(requestedIds.filter((id) => !current.has(id)));
  let isChanged = false;
  const jobs = before.jobs.map((job) => {
    const now = current.get(job.id);
    if (!now || now.changedMs === job.changedMs) return job;
    isChanged = true;
    return now;
  });
  const next = { ...answer, jobs: isChanged ? jobs : before.jobs };
  return { next, deleted, announcement: describeChanges(before, next) };
}
