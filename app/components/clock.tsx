"use client";

import { createContext, type ReactNode, use, useEffect, useState } from "react";

/**
 * The server's time, moved on by the browser's clock, which may be set wrong. Starts with the server's own value, so
 * that hydration finds the same text.
 *
 * @param asOfMs the server's time at the last response.
 */
export function useClock(asOfMs: number, everyMs: number): number {
  const [nowMs, setNowMs] = useState(asOfMs);
  useEffect(() => {
    const receivedMs = performance.now();
    const tick = () => setNowMs(asOfMs + Math.max(0, performance.now() - receivedMs));
    tick();
    const timer = setInterval(tick, everyMs);
    return () => clearInterval(timer);
  }, [asOfMs, everyMs]);
  // A new response is later than the last tick, and nothing in it is in the future.
  return Math.max(nowMs, asOfMs);
}

const Now = createContext<number | undefined>(undefined);

/** Lets all times inside it be relative to one clock that goes on. @param props with the server's time. */
export function Clock({ asOfMs, children }: { asOfMs: number; children: ReactNode }) {
  return <Now value={useClock(asOfMs, 1_000)}>{children}</Now>;
}

/** The server's time inside of a Clock. @param asOfMs the time elsewhere, which stays. */
export function useNow(asOfMs: number): number {
  return use(Now) ?? asOfMs;
}
