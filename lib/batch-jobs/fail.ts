import type { Kysely } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { cancelContacts } from "../contacts/cancel";
import { clockSecond } from "../database/clock-time";
import { HttpError } from "../http/http-error";
import { lockBatchJob } from "./lock";
import type { FailedBatchJob } from "./schema";

/**
 * Fails a running job whose dialer cannot go on, because its trunk or agent is gone. Contacts that are not being dialed
 * are cancelled; calls that are being dialed end normally.
 *
 * @param reason shown to people.
 * @param db a transaction.
 * @throws HttpError 404 for a job that the viewer cannot see, 400 for one that is not running.
 */
export async function failBatchJob(
  viewer: Viewer,
  batchJobId: string,
  reason: string,
  db: Kysely<Database>,
): Promise<FailedBatchJob> {
  viewer.require("dial");
  const { status } = await lockBatchJob(viewer, batchJobId, db);
  if (status !== "running") {
    const detail = `Cannot fail job in '${status}' status. Only 'running' jobs can be failed.`;
    throw new HttpError(400, "invalid_status", detail);
  }
  const contactsCancelled = await cancelContacts(viewer, batchJobId, db);
  await db
    .updateTable("batch_jobs")
    .set({ status: "failed", failure_reason: reason, completed_at: clockSecond })
    .where("organization_id", "=", viewer.organizationId)
    .where("id", "=", batchJobId)
    .execute();
  return {
    success: true,
    message: "Job failed - cancelled remaining contacts",
    batchJobId,
    status: "failed",
    contactsCancelled,
  };
}
