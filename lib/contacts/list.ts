import { type Expression, type RawBuilder, type Selectable, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { OrganizationScope, Viewer } from "../access/viewer";
import { database } from "../database/database";
import { selectFields } from "../database/json";
import { type PageWithTotal, pageWithTotal } from "../database/page-with-total";
import type { Contact } from "./schema";
import { contactAsJson, contactColumns, contactFields } from "./serialize";
import type { ContactStatus } from "./status";
import { visibleContacts } from "./visible";

/**
 * A page of a job's contacts, in the order of the upload.
 *
 * @param page with how many contacts come before it, and its size.
 * @param status to list only contacts with it.
 */
export function contactsOnPage(
  scope: OrganizationScope,
  batchJobId: Expression<string>,
  page: { offset: Expression<number>; size: Expression<number> },
  status?: Expression<ContactStatus>,
) {
  const contacts = visibleContacts(scope, batchJobId)
    .select(contactColumns)
    .orderBy("position")
    .limit(page.size);
  const offset = sql<number>`${page.offset}::bigint`;
  // Positions have no gaps, so that a page of all contacts begins at its first position.
  return status
    ? contacts.where("status", "=", status).offset(offset)
    : contacts.where("position", ">", offset);
}

/** The same as a JSON array. @param maxAttempts of the job. */
export function contactsAsJson(
  contacts: ReturnType<typeof contactsOnPage>,
  maxAttempts: Expression<number>,
): RawBuilder<unknown> {
  return sql`(
    select coalesce(json_agg(batch_contact order by position), '[]')
    from (${contacts}) as contact cross join lateral (${selectFields(contactFields(maxAttempts))}) as batch_contact
  )`;
}

const listedColumns = [
  "position",
  "phone_number",
  "status",
  "attempt_count",
  "last_attempt_at",
  "next_retry_at",
  "error_code",
  "failure_reason",
  "call_duration",
] as const;

export type ListedContact = Pick<Selectable<Database["batch_contacts"]>, (typeof listedColumns)[number]> & {
  name: string | null;
};

/** Which contacts of a job. */
export interface ContactFilter {
  status?: ContactStatus;
  /** Part of a name in any case and without accents, or of a number as people write it; empty for all. */
  search: string;
}

const nameOf = sql<string | null>`contact_data ->> 'name'`;

function matchingContacts(viewer: Viewer, batchJobId: string, { status, search }: ContactFilter) {
  viewer.require("readBatchJobs");
  const digits = /^[\d\s()./+-]+$/.test(search) ? search.replace(/\D/g, "") : "";
  return visibleContacts(viewer.scope, sql.val(batchJobId))
    .$if(status !== undefined, (query) => query.where("status", "=", status ?? "pending"))
    .$if(search !== "", (query) =>
      query.where(({ or }) =>
        or([
          sql<boolean>`position(fold_text(${search}) in fold_text(${nameOf})) > 0`,
          sql<boolean>`${digits} <> '' and position(${digits} in phone_number) > 0`,
        ]),
      ),
    );
}

/** A page of a job's contacts for people, in the order of the upload, and how many match in all. */
export async function listContacts(
  viewer: Viewer,
  batchJobId: string,
  filter: ContactFilter & { page: number; pageSize: number },
): Promise<PageWithTotal<ListedContact>> {
  const contacts = matchingContacts(viewer, batchJobId, filter)
    .select([...listedColumns, nameOf.as("name")])
    .orderBy("position");
  return pageWithTotal(contacts, filter);
}

/**
 * Contacts of a job as the contract writes them, in the order of the upload.
 *
 * @param slice.after the position that they come after.
 * @param slice.limit how many at most.
 */
export async function listContactsAsJson(
  viewer: Viewer,
  job: { id: string; retry_max_attempts: number },
  filter: ContactFilter,
  slice: { after: number; limit: number },
): Promise<{ position: number; contact: Contact }[]> {
  const rows = matchingContacts(viewer, job.id, filter)
    .where("position", ">", slice.after)
    .orderBy("position")
    .limit(slice.limit)
    .select(contactColumns);
  return database()
    .selectFrom(rows.as("contact"))
    .orderBy("position")
    .select(["position", contactAsJson(sql.lit(job.retry_max_attempts)).as("contact")])
    .execute();
}
