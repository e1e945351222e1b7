import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { countContactsByStatus } from "../contacts/counts";
import { clockSecond } from "../database/clock-time";
import { inUtcSeconds } from "../format/time";
import { HttpError } from "../http/http-error";
import { lockBatchJob } from "./lock";
import type { StartedBatchJob } from "./schema";

/**
 * Starts a job now, before its scheduled time.
 *
 * @param db a transaction.
 * @throws HttpError 404; 400 for a job that is neither pending nor scheduled.
 */
export async function startBatchJob(
  viewer: Viewer,
  id: string,
  db: Kysely<Database>,
): Promise<StartedBatchJob> {
  viewer.require("manageBatchJobs");
  const { status } = await lockBatchJob(viewer, id, db);
  if (status !== "pending" && status !== "scheduled") {
    const code = status === "running" ? "already_running" : "invalid_status";
    const detail = `Cannot start job in '${status}' status. Only 'scheduled' or 'pending' jobs can be started.`;
    throw new HttpError(400, code, detail);
  }
  const started = await db
    .updateTable("batch_jobs")
    .set({ status: "running", actual_start_time: clockSecond })
    .where("organization_id", "=", viewer.organizationId)
    .where("id", "=", id)
    .returning(sql<Date>`actual_start_time`.as("startedAt"))
    .executeTakeFirstOrThrow();
  const wasScheduled = status === "scheduled";
  return {
    success: true,
    message: wasScheduled ? "Cancelled scheduled job, starting immediately" : "Starting immediately",
    batchJobId: id,
    status: "running",
    contactsEnqueued: await countContactsByStatus(viewer, id, "pending", db),
    redisJobCancelled: wasScheduled,
    startedAt: inUtcSeconds(started.startedAt),
  };
}
