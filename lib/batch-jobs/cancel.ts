import type { Kysely } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { cancelContacts } from "../contacts/cancel";
import { clockSecond } from "../database/clock-time";
import { HttpError } from "../http/http-error";
import { lockBatchJob } from "./lock";
import type { CancelledBatchJob } from "./schema";

const messages = {
  scheduled: "Scheduled job cancelled successfully",
  pending: "Pending job cancelled successfully",
  running: "Job was already running - cancelled remaining contacts",
} as const satisfies Record<string, CancelledBatchJob["message"]>;

/**
 * Cancels a job. Calls that are being dialed end normally; nothing else of it is dialed any more.
 *
 * @param db a transaction.
 * @throws HttpError 404; 400 for a job that has finished.
 */
export async function cancelBatchJob(
  viewer: Viewer,
  id: string,
  db: Kysely<Database>,
): Promise<CancelledBatchJob> {
  viewer.require("manageBatchJobs");
  const { status } = await lockBatchJob(viewer, id, db);
  if (status !== "pending" && status !== "scheduled" && status !== "running") {
    throw new HttpError(400, "already_terminal", `Cannot cancel job in '${status}' status`);
  }
  await db
    .updateTable("batch_jobs")
    .set({ status: "cancelled", completed_at: clockSecond })
    .where("organization_id", "=", viewer.organizationId)
    .where("id", "=", id)
    .execute();
  return {
    success: true,
    message: messages[status],
    batchJobId: id,
    redisJobCancelled: status === "scheduled",
    contactsCancelled: await cancelContacts(viewer, id, db),
  };
}
