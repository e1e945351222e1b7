import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import type { NewContact } from "./schema";

/** Few enough to be serialized, and stored, while other requests hardly wait. */
const contactsOfStatement = 500;

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
  for (let start = 0; start < contacts.length; start += contactsOfStatement) {
    const some = contacts.slice(start, start + contactsOfStatement);
    await sql`
      insert into batch_contacts (organization_id, batch_job_id, position, phone_number, contact_data)
      select ${viewer.organizationId}, ${batchJobId}, ${start}::int + position, contact ->> 'phone', contact::jsonb
      from json_array_elements(${JSON.stringify(some)}::json) with ordinality as given (contact, position)
    `.execute(db);
  }
}
