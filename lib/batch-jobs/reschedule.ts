import type { Kysely } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { inUtcSeconds } from "../format/time";
import { HttpError } from "../http/http-error";
import { lockBatchJob } from "./lock";
import { invalidFormat, readStartTime, readTimeZone, type Schedule } from "./schedule";
import type { RescheduledBatchJob } from "./schema";

/**
 * Reads the parameters of a request.
 *
 * @param values those of each parameter, which must be given once.
 * @throws HttpError 400 with the contract's sentences.
 */
export function readSchedule(values: { scheduledStartTime: string[]; timezone: string[] }): Schedule {
  const hint = ". Use IANA timezone format (e.g., 'America/New_York', 'Asia/Karachi', 'UTC').";
  // Two values are no zone.
  const timeZone = readTimeZone(values.timezone.join(" "), hint);
  const [given = "", ...others] = values.scheduledStartTime;
  if (given === "") throw invalidFormat(" scheduledStartTime is missing from the query.");
  if (others.length > 0) throw invalidFormat(" scheduledStartTime must be given once.");
  return { startTime: readStartTime(given, timeZone), timeZone };
}

/** The contract's name of what starts a job. There is no other than the job itself: its scheduled time is enough. */
export function scheduledJobId(batchJobId: string): string {
  return `start_${batchJobId}`;
}

/**
 * Schedules a job that has not started, or changes its schedule.
 *
 * @param db a transaction.
 * @throws HttpError 404; 400 for a job that has started or finished.
 */
export async function rescheduleBatchJob(
  viewer: Viewer,
  id: string,
  { startTime, timeZone }: Schedule,
  db: Kysely<Database>,
): Promise<RescheduledBatchJob> {
  viewer.require("manageBatchJobs");
  const { status } = await lockBatchJob(viewer, id, db);
  if (status !== "pending" && status !== "scheduled") {
    const detail = `Cannot reschedule job in '${status}' status. Only 'scheduled' or 'pending' jobs can be rescheduled.`;
    throw new HttpError(400, "invalid_status", detail);
  }
  await db
    .updateTable("batch_jobs")
    .set({ status: "scheduled", scheduled_start_time: startTime, schedule_time_zone: timeZone })
    .where("organization_id", "=", viewer.organizationId)
    .where("id", "=", id)
    .execute();
  const wasScheduled = status === "scheduled";
  return {
    success: true,
    message: wasScheduled ? "Rescheduled successfully (old job cancelled)" : "Scheduled successfully",
    batchJobId: id,
    scheduledStartTime: inUtcSeconds(startTime),
    status: "scheduled",
    oldJobCancelled: wasScheduled,
    newScheduledJobId: scheduledJobId(id),
  };
}
