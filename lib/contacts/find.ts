import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import type { ContactStatus } from "./status";
import { visibleContacts } from "./visible";

/** How many contacts of a job have a status: `pending` is that they wait for their first call. */
export async function countContactsByStatus(
  viewer: Viewer,
  batchJobId: string,
  status: ContactStatus,
  db: Kysely<Database>,
): Promise<number> {
  viewer.require("manageBatchJobs");
  const { count } = await visibleContacts(viewer.scope, sql.val(batchJobId), db)
    .where("status", "=", status)
    .select(sql<number>`count(*)::int`.as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

/** What was given for a contact when its job was created; undefined for a contact that the viewer cannot see. */
export async function findContactData(
  viewer: Viewer,
  contact: { batchJobId: string; position: number },
): Promise<Record<string, unknown> | undefined> {
  viewer.require("readBatchJobs");
  const found = await visibleContacts(viewer.scope, sql.val(contact.batchJobId))
    .where("position", "=", contact.position)
    .select("contact_data")
    .executeTakeFirst();
  return found?.contact_data;
}
