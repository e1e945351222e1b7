import { sql } from "kysely";
import type { Viewer } from "../access/viewer";
import { inUtcSeconds } from "../format/time";
import { jobNotFound } from "./lock";
import { scheduledJobId } from "./reschedule";
import type { RedisStatus } from "./schema";
import { visibleBatchJobs } from "./visible";

const note =
  "This server doesn't use Redis for scheduling. A job's scheduled time is stored with the job, so it can't be lost or out of step.";

/**
 * The contract's report on what starts a scheduled job.
 *
 * @throws HttpError 404.
 */
export async function findRedisStatus(viewer: Viewer, id: string | undefined): Promise<RedisStatus> {
  viewer.require("readBatchJobs");
  const job = await visibleBatchJobs(viewer.scope)
    .where("id", "=", sql.val(id ?? ""))
    .select(["status", "scheduled_start_time"])
    .executeTakeFirst();
  if (!job) throw jobNotFound;
  const isScheduled = job.status === "scheduled";
  const time = isScheduled && job.scheduled_start_time ? inUtcSeconds(job.scheduled_start_time) : null;
  return {
    batchJobId: id ?? "",
    databaseStatus: job.status,
    scheduledJobId: isScheduled ? scheduledJobId(id ?? "") : null,
    scheduledStartTime: time,
    redisJobInfo: isScheduled
      ? {
          job_id: scheduledJobId(id ?? ""),
          in_defer_queue: false,
          job_metadata_exists: true,
          // The contract writes only this time with an offset.
          scheduled_time: time === null ? null : time.replace("Z", "+00:00"),
          note,
        }
      : null,
  };
}
