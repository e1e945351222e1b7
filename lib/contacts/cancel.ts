import type { Kysely } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { clockTime } from "../database/clock-time";
import { cancellableStatuses } from "./status";

/**
 * Cancels the contacts of a job that are not being dialed, and the calls to them. Calls that are being dialed end
 * normally.
 *
 * @param db a transaction that has locked the job.
 * @returns the number of contacts that were cancelled.
 */
export async function cancelContacts(
  viewer: Viewer,
  batchJobId: string,
  db: Kysely<Database>,
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("batch_contacts")
    .set({ status: "cancelled", next_retry_at: null, completed_at: clockTime })
    .where("organization_id", "=", viewer.organizationId)
    .where("batch_job_id", "=", batchJobId)
    .where("status", "in", cancellableStatuses)
    .executeTakeFirst();
  // In a second statement, which sees the calls that were dialed while the first one waited for their contacts.
  await db
    .updateTable("batch_calls")
    .set({ ended_at: clockTime, result: "cancelled" })
    .where("organization_id", "=", viewer.organizationId)
    .where("batch_job_id", "=", batchJobId)
    .where("ended_at", "is", null)
    .where("dialing_at", "is", null)
    .execute();
  return Number(numUpdatedRows);
}
