/** What parts of the program count for the metrics. */
interface Counters {
  /** Because there were too many at once. */
  requestsRejected: number;
  /** By the code of the error. */
  signInsRefused: Map<string, number>;
  /** When each open page that refreshes itself has last done so, the oldest first. */
  livePages: Map<string, number>;
}

/** Open pages refresh themselves at least every 30 s (app/jobs/use-refresh.ts), unless they are slow. */
const livePageMaxMs = 45_000;

// Next bundles this file more than once.
const shared = globalThis as { batchJobsCounters?: Counters };
shared.batchJobsCounters ??= {
  requestsRejected: 0,
  // Present from the start, so that the first one is seen as an increase.
  signInsRefused: new Map([
    ["wrong_credentials", 0],
    ["too_many_attempts", 0],
  ]),
  livePages: new Map(),
};
export const counters = shared.batchJobsCounters;

export function countRefusedSignIn(code: string): void {
  counters.signInsRefused.set(code, (counters.signInsRefused.get(code) ?? 0) + 1);
}

/** @param parts identify the page: the same address in two tabs of a browser counts once. */
export function recordLivePage(...parts: string[]): void {
  const page = parts.join(" ");
  counters.livePages.delete(page);
  counters.livePages.set(page, performance.now());
  removeClosedPages();
}

export function countLivePages(): number {
  removeClosedPages();
  return counters.livePages.size;
}

function removeClosedPages(): void {
  for (const [page, refreshedMs] of counters.livePages) {
    if (performance.now() - refreshedMs < livePageMaxMs) return;
    counters.livePages.delete(page);
  }
}
