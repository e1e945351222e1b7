import { type Expression, sql } from "kysely";
import type { Scope } from "../access/viewer";
import { database } from "../database/database";

/**
 * The contacts of a batch job that a viewer may see. No other function reads them for an answer.
 *
 * @param db a transaction, to read inside it.
 */
export function visibleContacts(scope: Scope, batchJobId: Expression<string>, db = database()) {
  return db
    .selectFrom("batch_contacts")
    .where("organization_id", "=", scope.organizationId)
    .where("batch_job_id", "=", batchJobId);
}

/** The id of a contact for clients: its job's id and its position, from 1. It is unique within the organization. */
export const contactId = sql<string>`batch_job_id || '-' || position`;

/** The same of a row. */
export function contactIdOf(contact: { batch_job_id: string; position: number }): string {
  return `${contact.batch_job_id}-${contact.position}`;
}
