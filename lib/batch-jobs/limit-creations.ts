import pLimit from "p-limit";

// Next bundles this file more than once.
const shared = globalThis as { batchJobsCreations?: ReturnType<typeof pLimit> };
shared.batchJobsCreations ??= pLimit(2);

/** Runs the creation of a job when fewer than two run: 10 MB of contacts take several times as much memory meanwhile. */
export const limitCreations = shared.batchJobsCreations;
