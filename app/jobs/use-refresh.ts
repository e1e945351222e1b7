import { useCallback, useEffect, useRef, useState } from "react";
import { activeStatuses, type BatchJobStatus } from "@/lib/batch-jobs/status";
import { describeChanges } from "./describe-changes";
import type { JobsSnapshot } from "./jobs-snapshot";

const quickMs = 3_000;
const slowMs = 30_000;
const backOff = 1.5;
/** Longer than the server takes to give up. */
const patienceMs = 10_000;
const pausedKey = "batch-jobs.paused";

/**
 * What the page does to stay up to date. `resting`: all jobs it shows are over. `lost`: the session is over, or
 * the organization is no longer the person's.
 */
export type Activity = "live" | "paused" | "resting" | "failing" | "lost";

export const activityLabels: Record<Activity, string> = {
  live: "",
  paused: "paused",
  resting: "live updates off: all jobs shown have finished",
  failing: "Couldn’t update. Retrying",
  lost: "You’re signed out or no longer a member of this organization.",
};

interface RefreshOptions {
  /** What the page began with; another object is another page or filter. */
  start: JobsSnapshot;
  address: string;
  /** Those that the page's filter shows. */
  statuses: BatchJobStatus[];
  snapshot: JobsSnapshot;
  /**
   * @param of the `start` that was asked for.
   * @param gone of the jobs shown, those that are no longer there.
   */
  onRefreshed(of: JobsSnapshot, next: JobsSnapshot, gone: ReadonlySet<string>, words: string): void;
}

/**
 * Asks how the jobs stand: every three seconds while they change, then ever more seldom up to half a minute;
 * at once when the tab is looked at again; never while it is hidden or paused. When all jobs shown are over it
 * asks no more by itself, but when the tab is looked at again.
 */
export function useRefresh(options: RefreshOptions) {
  const latest = useRef(options);
  const delayMs = useRef(quickMs);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isAsking = useRef(false);
  const [isPaused, setIsPaused] = useState(false);
  const [trouble, setTrouble] = useState<"failing" | "lost">();
  const { jobs, asOfMs } = options.snapshot;
  // In a list of running jobs those that have ended are no reason to rest: others may start.
  const isOver = (status: BatchJobStatus) =>
    !activeStatuses.includes(status) && options.statuses.includes(status);
  const isResting = jobs.length > 0 && jobs.every(({ status }) => isOver(status));
  useEffect(() => {
    if (latest.current.start !== options.start) {
      delayMs.current = quickMs;
      setTrouble(undefined);
    }
    latest.current = options;
  });

  /** Asks once, whatever the state: also behind the button "Check now". */
  const refreshNow = useCallback(async () => {
    if (isAsking.current) return;
    isAsking.current = true;
    clearTimeout(timer.current);
    const { start, address, snapshot, onRefreshed } = latest.current;
    const ids = snapshot.jobs.map(({ id }) => id);
    try {
      const response = await fetch(`${address}&ids=${ids.join(",")}`, {
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(patienceMs),
      });
      if (response.status === 401 || response.status === 404) {
        setTrouble("lost");
        return;
      }
      if (!response.ok) throw new Error(String(response.status));
      const answer: JobsSnapshot = await response.json();
      const { next, gone, words } = merge(snapshot, answer, ids);
      delayMs.current =
        words || next.jobs !== snapshot.jobs ? quickMs : Math.min(slowMs, delayMs.current * backOff);
      setTrouble(undefined);
      onRefreshed(start, next, gone, words);
    } catch {
      delayMs.current = Math.min(slowMs, delayMs.current * 2);
      setTrouble("failing");
    } finally {
      isAsking.current = false;
    }
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer, and each failure, plans the next question
  useEffect(() => {
    if (isPaused || trouble === "lost") return;
    let isPast = false;
    const plan = () => {
      // A question that was under way when this was paused must not plan the next one.
      if (isPast) return;
      clearTimeout(timer.current);
      if (document.hidden || isResting) return;
      timer.current = setTimeout(() => refreshNow().then(plan), delayMs.current);
    };
    const onVisibility = () => {
      if (document.hidden) clearTimeout(timer.current);
      else refreshNow().then(plan);
    };
    plan();
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      isPast = true;
      clearTimeout(timer.current);
      document.removeEventListener("visibilitychange", onVisibility);
    };
  }, [isPaused, isResting, trouble, asOfMs, refreshNow]);

  // A pause holds on the next pages too, in this tab.
  useEffect(() => setIsPaused(sessionStorage.getItem(pausedKey) !== null), []);
  const setPaused = useCallback((paused: boolean) => {
    setIsPaused(paused);
    if (paused) sessionStorage.setItem(pausedKey, "");
    else sessionStorage.removeItem(pausedKey);
    delayMs.current = quickMs;
  }, []);

  const activity: Activity =
    trouble === "lost" ? "lost" : isPaused ? "paused" : isResting ? "resting" : (trouble ?? "live");
  return { activity, refreshNow, setPaused };
}

/** Puts what an answer says of the asked jobs in the place of what was known; unchanged ones stay the same. */
function merge(before: JobsSnapshot, answer: JobsSnapshot, asked: string[]) {
  const answered = new Map(answer.jobs.map((job) => [job.id, job]));
  const gone = new Set(asked.filter((id) => !answered.has(id)));
  let isChanged = false;
  const jobs = before.jobs.map((job) => {
    const now = answered.get(job.id);
    if (!now || now.changedMs === job.changedMs) return job;
    isChanged = true;
    return now;
  });
  const next = { ...answer, jobs: isChanged ? jobs : before.jobs };
  return { next, gone, words: describeChanges(before, next) };
}
