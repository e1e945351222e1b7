import { AsyncLocalStorage } from "node:async_hooks";

/** How long one request may still wait for the database: for connections and statements together. */
class TimeBudget {
  #leftMs: number;
  #waiting = 0;
  #waitingSince = 0;

  constructor(limitMs: number) {
    this.#leftMs = limitMs;
  }

  /** Does something that waits for the database. What is waited for at the same time counts once. */
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

/** A request has waited for the database as long as it may. */
export class TimeBudgetError extends Error {
  // db/failure.ts takes it for what it is: a database that does not answer in time.
  readonly code = "ETIMEDOUT";

  constructor() {
    super("The database did not answer within the time that a request may wait for it");
  }
}

// Next bundles this file more than once; a request has one budget all the same.
const shared = globalThis as { batchJobsTimeBudget?: AsyncLocalStorage<TimeBudget> };
shared.batchJobsTimeBudget ??= new AsyncLocalStorage();
const current = shared.batchJobsTimeBudget;

/**
 * Runs something that may wait for the database for `limitMs` in all, however many statements it sends.
 * After that, its statements fail with a TimeBudgetError or, when one is under way, with "Query read timeout".
 */
export function withTimeBudget<T>(limitMs: number, run: () => T): T {
  return current.run(new TimeBudget(limitMs), run);
}

/**
 * Does something that waits for the database, within the budget of the current request.
 *
 * @param work is told how many ms are left; Infinity outside of a budget, as at the command line.
 * @throws TimeBudgetError when nothing is left.
 */
export async function spendTime<T>(work: (leftMs: number) => Promise<T>): Promise<T> {
  return current.getStore()?.spend(work) ?? work(Number.POSITIVE_INFINITY);
}
