import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Answered } from "./dialer";

/** What an organization's calls were, read from the database after the dialers have gone. */
export interface Findings {
  /** Each broken promise, with an example. Empty when all were kept. */
  broken: Record<string, unknown>;
  calls: number;
  dialed: number;
  lapsed: number;
  unreported: number;
  late: number;
  cancelled: number;
  maxOpen: number;
}

/** The number of open calls after each change of it. A call that ends at an instant makes room at it. */
const openCalls = (partition: string) => sql`
  select batch_job_id, at, sum(change) over (${sql.raw(partition)} order by at, change) as open
  from (
    select batch_job_id, claimed_at as at, 1 as change from batch_calls
    union all select batch_job_id, ended_at, -1 from batch_calls where ended_at is not null
  ) as event
`;

/** Queries that find nothing when the promise of their name is kept. The database has one organization. */
const promises = {
  "no contact has two calls open at once": sql`
    select batch_job_id, position from (
      select batch_job_id, position, claimed_at,
        lag(coalesce(ended_at, 'infinity')) over (partition by batch_job_id, position order by claimed_at, ended_at) as ended
      from batch_calls
    ) as call where ended > claimed_at
  `,
  "no number has two calls open at once": sql`
    select phone_number, id from (
      select phone_number, id, claimed_at,
        lag(coalesce(ended_at, 'infinity')) over (partition by phone_number order by claimed_at, ended_at) as ended
      from batch_calls
    ) as call where ended > claimed_at
  `,
  "no attempt is permitted to dial twice": sql`
    select batch_job_id, position, attempt from batch_calls where dialing_at is not null
    group by batch_job_id, position, attempt having count(*) > 1
  `,
  "the organization's limit holds at every instant": sql`
    select at, open from (${openCalls("")}) as change
    where open > (select concurrent_call_limit from organization_calling)
  `,
  "each job's limit holds at every instant": sql`
    select batch_job_id, at, open from (${openCalls("partition by batch_job_id")}) as change
    join batch_jobs on batch_jobs.id = batch_job_id where open > concurrent_call_limit
  `,
  "attempts are those that were dialed": sql`
    select batch_job_id, position, attempt_count from batch_contacts as contact
    where attempt_count <> (
      select count(*) from batch_calls
      where (batch_job_id, position) = (contact.batch_job_id, contact.position) and dialing_at is not null
    )
  `,
  "a call is found without reading others": sql`
    select indexrelname, idx_scan, idx_tup_read from pg_stat_user_indexes
    where indexrelname in ('batch_calls_pkey', 'batch_calls_by_contact') and idx_tup_read > 8 * idx_scan
  `,
  "counters equal a recount": sql`
    select id, contacts_processed, successful_calls, failed_calls, successful, failed from batch_jobs
    join lateral (
      select count(*) filter (where status = 'completed') as successful,
        count(*) filter (where status in ('failed', 'blocked', 'invalid_number', 'carrier_error')) as failed
      from batch_contacts where batch_job_id = batch_jobs.id
    ) as counted on true
    where (contacts_processed, successful_calls, failed_calls) <> (successful + failed, successful, failed)
  `,
  "the list's counts equal a recount": sql`
    select period, starts_on from organizations, batch_job_count_errors(organizations.id)
  `,
  "every job ends, with its last contact": sql`
    select id, status, contacts_processed, total_contacts from batch_jobs
    where status not in ('completed', 'failed', 'cancelled')
      or (status = 'completed') <> (contacts_processed = total_contacts and status = 'completed')
  `,
  "no contact is left in between": sql`
    select batch_job_id, position, status from batch_contacts
    where status in ('pending', 'queued', 'dialing', 'no_answer', 'busy', 'timeout') or next_retry_at is not null
  `,
  "no call is left open": sql`select id from batch_calls where ended_at is null`,
  "no job is dialed after it was cancelled": sql`
    select call.id from batch_calls as call join batch_jobs as job on job.id = call.batch_job_id
    where job.status in ('cancelled', 'failed') and call.claimed_at > job.completed_at + interval '1 second'
  `,
};

/** @param answered what the dialers were told. */
export async function verify(db: Kysely<Database>, answered: Answered[]): Promise<Findings> {
  const broken: Record<string, unknown> = {};
  for (const [name, query] of Object.entries(promises)) {
    const { rows } = await sql`${query} limit 1`.execute(db);
    if (rows.length > 0) broken[name] = rows[0];
  }
  const { rows: calls } = await sql<{
    id: string;
    result: string | null;
  }>`select id, result from batch_calls`.execute(db);
  const results = new Map(calls.map(({ id, result }) => [id, result]));
  const permitted = new Map<string, string>();
  for (const answer of answered) {
    if (answer.kind === "accepted" && results.get(answer.callId) !== answer.status) {
      broken["an accepted result is kept"] = { ...answer, found: results.get(answer.callId) };
    }
    if (answer.kind !== "permitted") continue;
    const attempt = `${answer.contactId} ${answer.attempt}`;
    const before = permitted.get(attempt);
    if (before !== undefined && before !== answer.callId) broken["dialers dial each attempt once"] = answer;
    permitted.set(attempt, answer.callId);
  }
  const { rows } = await sql<Omit<Findings, "broken">>`
    select count(*)::int as calls, count(dialing_at)::int as dialed,
      count(*) filter (where result = 'lapsed')::int as lapsed,
      count(*) filter (where result = 'no_report')::int as unreported,
      count(*) filter (where reported_at > ended_at + interval '10 ms')::int as late,
      count(*) filter (where result = 'cancelled')::int as cancelled,
      (select max(open)::int from (${openCalls("")}) as change) as "maxOpen"
    from batch_calls
  `.execute(db);
  if (!rows[0]) throw new Error("There is no row of totals");
  return { broken, ...rows[0] };
}
