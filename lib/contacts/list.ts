import { type Expression, type Kysely, type RawBuilder, type Selectable, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Scope, Viewer } from "../access/viewer";
import { database } from "../database/database";
import { selectFields, utcSeconds } from "../database/json";
import { type PageWithTotal, pageWithTotal } from "../database/page-with-total";
import type { Contact } from "./schema";
import { type ContactStatus, contactStatuses } from "./status";
import { contactId, visibleContacts } from "./visible";

const column = (name: string) => sql.ref(`contact.${name}`);
const time = (name: string) => utcSeconds(column(name));

/** The contract's object, keys in its order. @param maxAttempts of the job. */
function contactFields(maxAttempts: Expression<number>): Record<keyof Contact, Expression<unknown>> {
  return {
    id: column("id"),
    phoneNumber: column("phone_number"),
    contactData: column("contact_data"),
    status: column("status"),
    errorCode: column("error_code"),
    attemptCount: column("attempt_count"),
    maxAttempts,
    lastAttemptAt: time("last_attempt_at"),
    nextRetryAt: time("next_retry_at"),
    completedAt: time("completed_at"),
    roomName: column("room_name"),
    failureReason: column("failure_reason"),
    callDuration: column("call_duration"),
  };
}

/** The columns that the fields are made of. */
export const contactColumns = [
  ...(["position", "phone_number", "contact_data", "status", "error_code", "attempt_count"] as const),
  ...(["last_attempt_at", "next_retry_at", "completed_at", "room_name", "failure_reason"] as const),
  ...(["call_duration"] as const),
  contactId.as("id"),
];

const contactRows = (scope: Scope, batchJobId: Expression<string>, db = database()) =>
  visibleContacts(scope, batchJobId, db).select(contactColumns);

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
  const row = contactRows(viewer.scope, sql.val(contact.batch_job_id), db);
  const found = await db
    .selectFrom(row.where("position", "=", contact.position).as("contact"))
    .select(contactAsJson(sql.lit(contact.retry_max_attempts)).as("contact"))
    .executeTakeFirstOrThrow();
  return found.contact;
}

/** The contract's object of a row `contact` that has contactColumns. @param maxAttempts of the job. */
export function contactAsJson(maxAttempts: Expression<number>): RawBuilder<Contact> {
  return sql`(
    select row_to_json(batch_contact) from (${selectFields(contactFields(maxAttempts))}) as batch_contact
  )`;
}

/**
 * A page of a job's contacts, in the order of the upload.
 *
 * @param page with how many contacts come before it, and its size.
 * @param status to list only contacts with it.
 */
export function contactsOnPage(
  scope: Scope,
  batchJobId: Expression<string>,
  page: { offset: Expression<number>; size: Expression<number> },
  status?: Expression<ContactStatus>,
) {
  const contacts = contactRows(scope, batchJobId).orderBy("position").limit(page.size);
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

/** Statuses whose contacts are counted. The job's counters tell how many have the others. */
const countedStatuses = contactStatuses.filter((one) => !["pending", "completed", "cancelled"].includes(one));

/**
 * Selects one row: how many contacts of a job have each status, as a JSON object without statuses that none has
 * (`breakdown`), and how many match (`total`). Counting all contacts of a large job would take longer than the rest of the
 * request.
 *
 * The statement must have the job as `job`, with its id, status, has_contacts and counters.
 */
export function countContacts(
  scope: Scope,
  status?: Expression<ContactStatus>,
): RawBuilder<{ breakdown: unknown; total: number }> {
  const counter = (name: string) =>
    sql<number>`case when job.has_contacts then ${sql.ref(`job.${name}`)} else 0 end`;
  const [total, successful] = [counter("total_contacts"), counter("successful_calls")];
  const counted = visibleContacts(scope, sql.ref("job.id"))
    .where(sql<boolean>`status in (${sql.join(countedStatuses.map((one) => sql.lit(one)))})`)
    .groupBy("status")
    .select(["status", sql<number>`count(*)::int`.as("contacts")]);
  const inOrder = sql`array_position(${sql.lit(`{${contactStatuses.join(",")}}`)}::text[], status)`;
  const matches = status ? sql`status = ${status}` : sql`true`;
  // Contacts of a job that goes on are not cancelled, and all that wait are cancelled together with their job.
  const rest = sql`case when job.status in ('failed', 'cancelled') then 'cancelled' else 'pending' end`;
  return sql`
    select
      coalesce(json_object_agg(status, contacts order by ${inOrder}) filter (where contacts > 0), '{}') as breakdown,
      coalesce(sum(contacts) filter (where ${matches}), 0)::int as total
    from (
      with counted as (${counted})
      select status, contacts from counted
      union all select 'completed', ${successful}
      union all select ${rest}, ${total} - ${successful} - coalesce((select sum(contacts)::int from counted), 0)
    ) as counts
  `;
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
