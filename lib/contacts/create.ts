import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import type { NewContact } from "./schema";

/**
 * Creates the contacts of a new batch job, in the order given.
 *
 * @param db the job's transaction.
 * @param contacts from readContacts.
 */
export async function createContacts(
  viewer: Viewer,
  batchJobId: string,
  contacts: NewContact[],
  db: Kysely<Database>,
): Promise<void> {
  viewer.require("manageBatchJobs");
  await sql`
    insert into batch_contacts (organization_id, batch_job_id, position, phone_number, contact_data)
    select ${viewer.organizationId}, ${batchJobId}, position, contact ->> 'phone', contact::jsonb
    from json_array_elements(${JSON.stringify(contacts)}::json) with ordinality as given (contact, position)
  `.execute(db);
}
