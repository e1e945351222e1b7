import { AsyncLocalStorage } from "node:async_hooks";

/** How long one request may still wait for the database, for connections and statements together. */
class TimeBudget {
  #leftMs: number;
  #waiting = 0;
  #waitingSince = 0;

  constructor(limitMs: number) {
    this.#leftMs = limitMs;
  }

  /** Waits for `work`. Concurrent waits count once. */
  async spend<T>(work: (leftMs: number) => Promise<T>): Promise<T> {
    const elapsedMs = this.#waiting > 0 ? performance.now() - this.#waitingSince : 0;
    const leftMs = this.#leftMs - elapsedMs;
    if (leftMs <= 0) throw new TimeBudgetError();
    if (this.#waiting === 0) this.#waitingSince = performance.now();
    this.#waiting++;
    try {
      return await work(leftMs);
    } finally {
      this.#waiting--;
      if (this.#waiting === 0) this.#leftMs -= performance.now() - this.#waitingSince;
    }
  }
}

/** A request has used up its time for the database. */
export class TimeBudgetError extends Error {
  // isDatabaseUnreachable knows this code.
  readonly code = "ETIMEDOUT";

  constructor() {
    super("The database did not respond within the request's time limit");
  }
}

// Next bundles this file more than once, and all copies must share one store.
const shared = globalThis as { batchJobsTimeBudget?: AsyncLocalStorage<TimeBudget> };
shared.batchJobsTimeBudget ??= new AsyncLocalStorage();
const current = shared.batchJobsTimeBudget;

/**
 * Runs a function whose statements may wait for the database for `limitMs` in total. After that they fail with a
 * TimeBudgetError or, when one is running, with "Query read timeout".
 */
export function withTimeBudget<T>(limitMs: number, run: () => T): T {
  return current.run(new TimeBudget(limitMs), run);
}

/**
 * Waits for `work` within the current request's budget.
 *
 * @param work receives the remaining ms; Infinity without a budget, as at the command line.
 * @throws TimeBudgetError when nothing is left.
 */
export function spendTime<T>(work: (leftMs: number) => Promise<T>): Promise<T> {
  return current.getStore()?.spend(work) ?? work(Number.POSITIVE_INFINITY);
}
