import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { clockSecond } from "../database/clock-time";

const isLast = sql`status = 'running' and contacts_processed + 1 = total_contacts`;

/**
 * Counts a contact that is over, in the transaction that ends it. A running job completes with its last contact.
 *
 * @param db a transaction that has locked the job.
 */
export async function countContact(
  viewer: Viewer,
  batchJobId: string,
  { isSuccessful }: { isSuccessful: boolean },
  db: Kysely<Database>,
): Promise<void> {
  const counter = isSuccessful ? "successful_calls" : "failed_calls";
  await db
    .updateTable("batch_jobs")
    .set(({ eb }) => ({
      contacts_processed: eb("contacts_processed", "+", 1),
      [counter]: eb(counter, "+", 1),
      status: sql`case when ${isLast} then 'completed' else status end`,
      completed_at: sql`case when ${isLast} then ${clockSecond} else completed_at end`,
    }))
    .where("organization_id", "=", viewer.organizationId)
    .where("id", "=", batchJobId)
    .execute();
}

/** Counts a contact as successful that was counted as failed. @param db as above. */
export async function recountAsSuccessful(
  viewer: Viewer,
  batchJobId: string,
  db: Kysely<Database>,
): Promise<void> {
  await db
    .updateTable("batch_jobs")
    .set(({ eb }) => ({
      successful_calls: eb("successful_calls", "+", 1),
      failed_calls: eb("failed_calls", "-", 1),
    }))
    .where("organization_id", "=", viewer.organizationId)
    .where("id", "=", batchJobId)
    .execute();
}
