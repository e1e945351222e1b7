import { useEffect, useState } from "react";

/**
 * The server's time, moved on by the browser's own clock: it tells how much time has passed even when it is
 * set wrong. The first value is the server's, so that its page and the browser's first one are the same.
 *
 * @param asOfMs the server's time at the last answer.
 * @param everyMs how often to look again.
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
  // A new answer is later than the last tick, which would make what it tells come from the future.
  return Math.max(nowMs, asOfMs);
}
