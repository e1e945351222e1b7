import { type Expression, type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { OrganizationScope } from "../access/viewer";
import { database } from "../database/database";

const contactsOfAnyJob = (scope: OrganizationScope, db: Kysely<Database>) =>
  db.selectFrom("batch_contacts").where("organization_id", "=", scope.organizationId);

/**
 * The contacts of a batch job that a viewer may see. No other function reads them for an answer.
 *
 * @param db a transaction, to read inside it.
 */
export function visibleContacts(scope: OrganizationScope, batchJobId: Expression<string>, db = database()) {
  return contactsOfAnyJob(scope, db).where("batch_job_id", "=", batchJobId);
}

/**
 * The ids of the jobs that have a contact with a phone number. PostgreSQL 18 looks for the number once in each job, in the
 * index that keeps numbers unique within one; earlier versions read all of the organization's part of it.
 */
export function jobsWithContact(scope: OrganizationScope, phoneNumber: string) {
  return contactsOfAnyJob(scope, database()).where("phone_number", "=", phoneNumber).select("batch_job_id");
}

/** The id of a contact for clients: its job's id and its position, from 1. It is unique within the organization. */
export const contactId = sql<string>`batch_job_id || '-' || position`;

/** The same of a row. */
export function contactIdOf(contact: { batch_job_id: string; position: number }): string {
  return `${contact.batch_job_id}-${contact.position}`;
}
