import { type Expression, type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { OrganizationScope, Viewer } from "../access/viewer";
import { type ContactStatus, contactStatuses } from "./status";
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

/** Statuses whose contacts are counted. The job's counters tell how many have the others. */
const countedStatuses = contactStatuses.filter((one) => !["pending", "completed", "cancelled"].includes(one));

const statusArray = (statuses: readonly ContactStatus[]) =>
  sql`${sql.lit(`{${statuses.join(",")}}`)}::text[]`;

/**
 * Selects one row: how many contacts of a job have each status, as a JSON object without statuses that none has
 * (`breakdown`), and how many match (`total`). Counting all contacts of a large job would take longer than the rest of the
 * request.
 *
 * The statement must have the job as `job`, with its id, status, has_contacts and counters.
 */
export function countContacts(
  scope: OrganizationScope,
  status?: Expression<ContactStatus>,
): RawBuilder<{ breakdown: unknown; total: number }> {
  const counter = (name: string) =>
    sql<number>`case when job.has_contacts then ${sql.ref(`job.${name}`)} else 0 end`;
  const [total, successful] = [counter("total_contacts"), counter("successful_calls")];
  // One at a time: PostgreSQL may read all contacts of a job rather than look up many statuses, until it has statistics.
  const counted = sql`
    select counted.status, contacts from unnest(${statusArray(countedStatuses)}) as counted (status)
    cross join lateral (${visibleContacts(scope, sql.ref("job.id"))
      .where("status", "=", sql.ref<ContactStatus>("counted.status"))
      .select(sql<number>`count(*)::int`.as("contacts"))}) as of_status
  `;
  const inOrder = sql`array_position(${statusArray(contactStatuses)}, status)`;
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
