import type { Activity } from "@/lib/batch-jobs/activity";
import { type DisplayedJob, toDisplayedJob } from "@/lib/batch-jobs/displayed-job";
import type { JobsSummary } from "@/lib/batch-jobs/jobs-summary";
import type { BatchJobRow } from "@/lib/batch-jobs/serialize";
import type { StatusCounts } from "@/lib/batch-jobs/status";
import { exactTime, shortTime } from "@/lib/format/time-zone";

/** A time in ms since 1970, and as the server writes it in the person's time zone. */
export interface WrittenTime {
  ms: number;
  exact: string;
  /** `14:05` of the same day. */
  short: string;
}

/** @param zone a valid time zone. */
export function writeTime(time: Date, zone: string, nowMs: number): WrittenTime {
  return { ms: time.getTime(), exact: exactTime(time, zone), short: shortTime(time, zone, nowMs) };
}

/** The state of a page of jobs: first from the page itself, then from `/live/jobs`. */
export interface JobsSnapshot {
  jobs: DisplayedJob[];
  counts: StatusCounts;
  newJobs: number;
  overdue: number;
  stalled: number;
  /** The next job to start. */
  nextId: string | null;
  nextStartMs: number | null;
  /** Since when jobs wait for any dialer; null when there never was one. */
  noDialerSince?: WrittenTime | null;
  /** By the server's clock: the browser's may be wrong. */
  asOfMs: number;
}

/** @param timeZone for the exact times. */
export function jobsSnapshot(
  found: JobsSummary & { jobs: BatchJobRow[]; newJobs: number },
  activity: Activity,
  timeZone: string,
): JobsSnapshot {
  const { counts, newJobs, overdue, stalled, nextId, nextStart, asOf } = found;
  const { noDialerSince } = activity;
  const asOfMs = asOf.getTime();
  return {
    jobs: found.jobs.map((job) => toDisplayedJob(job, timeZone, activity.jobs.get(job.id))),
    counts,
    newJobs,
    overdue,
    stalled,
    nextId,
    nextStartMs: nextStart?.getTime() ?? null,
    ...(noDialerSince !== undefined && {
      noDialerSince: noDialerSince && writeTime(noDialerSince, timeZone, asOfMs),
    }),
    asOfMs,
  };
}
