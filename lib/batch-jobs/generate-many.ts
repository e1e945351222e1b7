import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { generateBatchJob } from "./generate";
import { type WriteResult, writeBatchJobs } from "./write";

/** The end of the three years over which generated jobs are spread, unless another is asked for. */
export const generatedUntil = new Date("2026-01-01T00:00:00Z");

const batchSize = 2_000;

/**
 * Fills the viewer's organization with made-up jobs: the same ones for the same count, seed and end, so
 * that a second run changes nothing.
 *
 * @param onProgress told how many are done.
 */
export async function generateBatchJobs(
  viewer: Viewer,
  wanted: { count: number; seed: number; until: Date },
  onProgress: (done: number) => void,
): Promise<WriteResult> {
  const sum = { inserted: 0, updated: 0, unchanged: 0 };
  for (let from = 0; from < wanted.count; from += batchSize) {
    const to = Math.min(from + batchSize, wanted.count);
    const jobs = Array.from({ length: to - from }, (_, offset) =>
      generateBatchJob(viewer.organizationId, wanted.seed, from + offset, wanted.until),
    );
    const { inserted, updated, unchanged } = await writeBatchJobs(viewer, database(), jobs);
    sum.inserted += inserted;
    sum.updated += updated;
    sum.unchanged += unchanged;
    onProgress(to);
  }
  return sum;
}
