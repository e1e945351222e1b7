import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import type { Contact } from "./schema";
import { contactAsJson, contactColumns } from "./serialize";
import { visibleContacts } from "./visible";

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

/**
 * One contact as the contract writes it.
 *
 * @param contact its place, and the attempts that its job allows.
 * @param db a transaction, to see what it has written.
 */
export async function getContact(
  viewer: Viewer,
  contact: { batch_job_id: string; position: number; retry_max_attempts: number },
  db: Kysely<Database>,
): Promise<Contact> {
  const row = visibleContacts(viewer.scope, sql.val(contact.batch_job_id), db).select(contactColumns);
  const found = await db
    .selectFrom(row.where("position", "=", contact.position).as("contact"))
    .select(contactAsJson(sql.lit(contact.retry_max_attempts)).as("contact"))
    .executeTakeFirstOrThrow();
  return found.contact;
}
