import { useCallback, useEffect, useRef, useState } from "react";

const fastMs = 3_000;
const slowMs = 30_000;
const backOff = 1.5;
/** Longer than the server's own timeout. */
const timeoutMs = 10_000;
const pausedKey = "batch-jobs.paused";

/**
 * `finished`: nothing shown will change any more. `noAccess`: the session has ended, or the person is no longer a member.
 */
export type Activity = "live" | "paused" | "finished" | "failing" | "noAccess";
export type Refresh = ReturnType<typeof useRefresh>;

interface RefreshOptions<Answer> {
  /** What the page showed first; another one is another page or filter. */
  start: unknown;
  /** Whether nothing that is shown will change any more. */
  isFinished: boolean;
  address: string;
  /** The server's time at the last response. */
  asOfMs: number;
  /** Called as it was at the time of the request. @returns whether anything has changed. */
  onAnswer(answer: Answer): boolean;
}

/**
 * Polls every three seconds while what is shown changes, then less often, down to twice a minute; at once when the tab
 * becomes visible; not while it is hidden or paused, nor when all that is shown has finished.
 */
export function useRefresh<Answer>(options: RefreshOptions<Answer>) {
  const latest = useRef(options);
  const delayMs = useRef(fastMs);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isFetching = useRef(false);
  const [isPaused, setIsPaused] = useState(false);
  const [failure, setFailure] = useState<"failing" | "noAccess">();
  const { asOfMs, isFinished } = options;
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
    const { address, onAnswer } = latest.current;
    try {
      const response = await fetch(address, {
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (response.status === 401 || response.status === 404) {
        setFailure("noAccess");
        return;
      }
      if (!response.ok) throw new Error(String(response.status));
      const isChanged = onAnswer(await response.json());
      delayMs.current = isChanged ? fastMs : Math.min(slowMs, delayMs.current * backOff);
      setFailure(undefined);
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
