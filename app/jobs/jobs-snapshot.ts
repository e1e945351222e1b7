import type { Overview } from "@/lib/batch-jobs/overview";
import type { BatchJobRow } from "@/lib/batch-jobs/serialize";
import type { StatusCounts } from "@/lib/batch-jobs/status";
import { type BatchJobView, viewBatchJob } from "@/lib/batch-jobs/view";

/** The state of a page of jobs: first from the page itself, then from `/live/jobs`. */
export interface JobsSnapshot {
  jobs: BatchJobView[];
  counts: StatusCounts;
  newJobs: number;
  overdue: number;
  stalled: number;
  /** The next job to start. */
  nextId: string | null;
  nextStartMs: number | null;
  /** By the server's clock: the browser's may be wrong. */
  asOfMs: number;
}

/** @param timeZone for the exact times. */
export function jobsSnapshot(
  found: Overview & { jobs: BatchJobRow[]; newJobs: number },
  timeZone: string,
): JobsSnapshot {
  const { counts, newJobs, overdue, stalled, nextId, nextStart, asOf } = found;
  return {
    jobs: found.jobs.map((job) => viewBatchJob(job, timeZone)),
    counts,
    newJobs,
    overdue,
    stalled,
    nextId,
    nextStartMs: nextStart?.getTime() ?? null,
    asOfMs: asOf.getTime(),
  };
}
