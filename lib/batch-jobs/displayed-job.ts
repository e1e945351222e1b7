import { exactTime } from "../format/time-zone";
import { type JobActivity, type Progress, progressOf } from "./health";
import type { BatchJobRow } from "./serialize";

/** While a page is open, new jobs are counted up to this number. */
export const newJobsMax = 100;

/** A job on the page. The server formats exact times in the person's time zone. */
export interface DisplayedJob extends Progress {
  id: string;
  name: string;
  description: string | null;
  successfulCalls: number;
  failedCalls: number;
  createdMs: number;
  finishedMs: number | null;
  exact: { created: string; scheduled?: string; started?: string; finished?: string };
}

/** @param timeZone a valid one. @param activity of a job that is not over, or has calls that are not. */
export function toDisplayedJob(
  row: BatchJobRow,
  timeZone: string,
  activity: JobActivity | undefined,
): DisplayedJob {
  const exact = (time: Date | null) => (time ? exactTime(time, timeZone) : undefined);
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    ...progressOf(row, activity),
    successfulCalls: row.successful_calls,
    failedCalls: row.failed_calls,
    createdMs: row.created_at.getTime(),
    finishedMs: row.completed_at?.getTime() ?? null,
    exact: {
      created: exactTime(row.created_at, timeZone),
      scheduled: exact(row.scheduled_start_time),
      started: exact(row.actual_start_time),
      finished: exact(row.completed_at),
    },
  };
}
