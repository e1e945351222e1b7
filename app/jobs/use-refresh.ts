import { useCallback, useEffect, useRef, useState } from "react";
import { activeStatuses } from "@/lib/batch-jobs/status";
import { changesInWords } from "./changes-in-words";
import type { Standing } from "./live-jobs";

const quickMs = 3_000;
const slowMs = 30_000;
const backOff = 1.5;
const pausedKey = "batch-jobs.paused";

/**
 * What the page does to stay up to date. `resting`: all its jobs are over, so nothing will change. `lost`:
 * the session is over, or the organization is no longer the person's.
 */
export type Activity = "live" | "paused" | "resting" | "failing" | "lost";

interface RefreshOptions {
  address: string;
  standing: Standing;
  goneIds: ReadonlySet<string>;
  onRefreshed(next: Standing, gone: ReadonlySet<string>, words: string): void;
}

const activeIds = (standing: Standing, gone: ReadonlySet<string>) =>
  standing.jobs
    .filter(({ id, status }) => activeStatuses.includes(status) && !gone.has(id))
    .map(({ id }) => id);

/**
 * Asks how the jobs stand: every three seconds while they change, then ever more seldom up to half a minute;
 * at once when the tab is looked at again; never while it is hidden or paused, or when all jobs are over.
 */
export function useRefresh(options: RefreshOptions) {
  const latest = useRef(options);
  const delayMs = useRef(quickMs);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isAsking = useRef(false);
  const [isPaused, setIsPaused] = useState(false);
  const [trouble, setTrouble] = useState<"failing" | "lost">();
  const isResting = activeIds(options.standing, options.goneIds).length === 0;
  useEffect(() => {
    latest.current = options;
  });

  /** Asks once, whatever the state: also behind the button "Update now". */
  const refreshNow = useCallback(async () => {
    if (isAsking.current) return;
    isAsking.current = true;
    clearTimeout(timer.current);
    const { address, standing, goneIds, onRefreshed } = latest.current;
    const ids = activeIds(standing, goneIds);
    try {
      const response = await fetch(`${address}&ids=${ids.join(",")}`, {
        headers: { Accept: "application/json" },
      });
      if (response.status === 401 || response.status === 404) {
        setTrouble("lost");
        return;
      }
      if (!response.ok) throw new Error(String(response.status));
      const answer: Standing = await response.json();
      const { next, gone, words } = merge(standing, answer, ids);
      delayMs.current =
        words || next.jobs !== standing.jobs ? quickMs : Math.min(slowMs, delayMs.current * backOff);
      setTrouble(undefined);
      onRefreshed(next, gone, words);
    } catch {
      delayMs.current = Math.min(slowMs, delayMs.current * 2);
      setTrouble("failing");
    } finally {
      isAsking.current = false;
    }
  }, []);

  const { asOfMs } = options.standing;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer, and each failure, plans the next question
  useEffect(() => {
    if (isPaused || isResting || trouble === "lost") return;
    const plan = () => {
      clearTimeout(timer.current);
      if (document.hidden) return;
      timer.current = setTimeout(() => refreshNow().then(plan), delayMs.current);
    };
    const onVisibility = () => {
      if (document.hidden) clearTimeout(timer.current);
      else refreshNow().then(plan);
    };
    plan();
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
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
function merge(before: Standing, answer: Standing, asked: string[]) {
  const answered = new Map(answer.jobs.map((job) => [job.id, job]));
  const gone = new Set(asked.filter((id) => !answered.has(id)));
  let isChanged = false;
  const jobs = before.jobs.map((job) => {
    const now = answered.get(job.id);
    if (!now || now.changedMs === job.changedMs) return job;
    isChanged = true;
    return now;
  });
  const next = {
    ...answer,
    jobs: isChanged ? jobs : before.jobs,
    counts: { ...before.counts, ...answer.counts },
  };
  return { next, gone, words: changesInWords(before, next) };
}
