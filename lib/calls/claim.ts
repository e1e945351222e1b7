import { type Kysely, type SqlBool, sql } from "kysely";
import { v7 as uuidVersion7 } from "uuid";
import type { Database } from "@/db/schema";
import { runByViewer } from "../access/run-by-viewer";
import { type Viewer, viewerScope } from "../access/viewer";
import { jobNotFound } from "../batch-jobs/lock";
import { visibleBatchJobs } from "../batch-jobs/visible";
import { contactIdOf } from "../contacts/visible";
import { parameter } from "../database/cached-statement";
import { clockSecond, clockTime, statementTime, timeIn } from "../database/clock-time";
import { database } from "../database/database";
import { inUtcSeconds } from "../format/time";
import { visiblePhoneNumbers } from "../phone-numbers/visible";
import { beginClaim } from "./begin-claim";
import {
  contactsNotDialed,
  contactsToRetry,
  findSecondsUntilDue,
  isNumberFree,
  lockJobsWithContactsDue,
  openCallCounts,
  withOpenCalls,
} from "./due";
import { type Claim, type ClaimedCall, type ClaimRequest, claimMax } from "./schema";

/**
 * Reserves contacts that are due, each for one call and until its lease ends, within the limits of the organization and
 * of their jobs.
 *
 * What is locked and what is counted are read by different statements: one that waits for a lock counts as of before the
 * wait, so that two claims would find room for the same call.
 *
 * @param db a transaction.
 * @throws HttpError 404 for a job that the viewer cannot see.
 */
export async function claimCalls(
  viewer: Viewer,
  request: ClaimRequest,
  db: Kysely<Database>,
): Promise<Claim> {
  viewer.require("dial");
  const { batchJobId, max } = request;
  await requireVisible(viewer, batchJobId, db);
  const limit = await beginClaim(viewer, request.dialer, db);
  const jobIds = await lockJobsWithContactsDue(viewer, request, db);
  const calls = jobIds.length > 0 ? await openCalls(viewer, request, { jobIds, limit }, db) : [];
  const nextPollSeconds = calls.length === max ? 1 : await findSecondsUntilDue(viewer, batchJobId, db);
  return { calls, nextPollSeconds };
}

async function requireVisible(
  viewer: Viewer,
  batchJobId: string | undefined,
  db: Kysely<Database>,
): Promise<void> {
  if (batchJobId === undefined) return;
  const job = visibleBatchJobs(viewer.scope, db).where("id", "=", batchJobId);
  if (!(await job.select("id").executeTakeFirst())) throw jobNotFound;
}

interface OpenedCall {
  id: string;
  lease_until: Date;
  batch_job_id: string;
  position: number;
  phone_number: string;
  contact_data: Record<string, unknown>;
  agent_id: string;
  from_phone_number_id: string;
  from_phone_number: string | null;
  attempt: number;
  retry_max_attempts: number;
}

/**
 * Makes contacts of locked jobs `queued`, opens a call to each, and makes the jobs `running`. Within a job,
 * retries come first. Contacts are taken in the order of the number of open calls that their job then has, so that jobs get
 * equally many.
 */
async function openCalls(
  viewer: Viewer,
  { dialer, max, leaseSeconds }: ClaimRequest,
  { jobIds, limit }: { jobIds: string[]; limit: number },
  db: Kysely<Database>,
): Promise<ClaimedCall[]> {
  const callIds = Array.from({ length: max }, () => `call_${uuidVersion7().replaceAll("-", "")}`);
  const values = { dialer, apiKeyId: viewer.apiKeyId, max, leaseSeconds, jobIds, limit, callIds };
  return (await runByViewer(viewer, "opened calls", buildOpenCalls, values, db)).map(toClaimedCall);
}

function buildOpenCalls() {
  const { organizationId } = viewerScope;
  const max = sql<number>`${parameter("max")}::integer`;
  const jobs = visibleBatchJobs(viewerScope)
    .leftJoin(openCallCounts.as("open"), "open.batch_job_id", "batch_jobs.id")
    .where(sql<SqlBool>`id = any (${parameter("jobIds")}::text[])`)
    .select(["id", "agent_id", "from_phone_number_id", "retry_max_attempts", "created_at", "last_claimed_at"])
    .select(sql<number>`coalesce(open.calls, 0)`.as("calls"))
    .select(sql<number>`greatest(0, concurrent_call_limit - coalesce(open.calls, 0))`.as("room"));
  const toRetry = contactsToRetry(viewerScope, "job").orderBy("next_retry_at");
  const notDialed = contactsNotDialed(viewerScope, "job").orderBy("position");
  const [retried, first] = [toRetry, notDialed].map((contacts) =>
    contacts
      .where(isNumberFree())
      .select(["position", "phone_number", "contact_data", "status", "attempt_count", "next_retry_at"])
      .limit(sql<number>`least(${max}, job.room)`),
  );
  const order = sql`calls + place_in_job, last_claimed_at nulls first, created_at, batch_job_id`;
  const numbers = visiblePhoneNumbers(viewerScope).select(["id", "phone_number"]);
  return sql<OpenedCall>`
    ${withOpenCalls(viewerScope)},
    job as (${jobs}),
    contact as (
      select job.id as batch_job_id, position, phone_number, contact_data, status, attempt_count, next_retry_at,
        last_claimed_at, created_at, calls, room,
        row_number() over (partition by job.id order by next_retry_at nulls last, position) as place_in_job
      from job cross join lateral ((${retried}) union all (${first})) as due
    ),
    -- Of those with the same number, the one whose turn is first.
    callable as (
      select distinct on (phone_number) * from contact where place_in_job <= room order by phone_number, ${order}
    ),
    turn as (
      select batch_job_id, position, phone_number, contact_data, status, attempt_count, next_retry_at,
        row_number() over (order by ${order}) as turn
      from callable
    ),
    chosen as (
      select batch_job_id, position, phone_number, contact_data, status, attempt_count, next_retry_at, turn
      from turn
      where turn <= least(${max}, ${parameter("limit")}::integer - (
        select count(*) from open_call
      ))
      -- Says that there are few, so that tables are not read as a whole to find them.
      order by turn limit ${sql.lit(claimMax)}
    ),
    queued as (
      update batch_contacts set status = 'queued', next_retry_at = null
      from chosen
      where batch_contacts.organization_id = ${organizationId}
        and batch_contacts.batch_job_id = chosen.batch_job_id and batch_contacts.position = chosen.position
    ),
    opened as (
      insert into batch_calls (
        organization_id, id, batch_job_id, position, phone_number, attempt, previous_status, previous_next_retry_at,
        dialer, api_key_id, claimed_at, lease_until
      )
      select ${organizationId}, (${parameter("callIds")}::text[])[turn], batch_job_id, position, phone_number,
        attempt_count + 1, status, next_retry_at, ${parameter("dialer")}, ${parameter("apiKeyId")}, ${clockTime},
        ${timeIn(parameter("leaseSeconds"))}
      from chosen
      returning id, batch_job_id, position, attempt, lease_until
    ),
    started as (
      -- The same time of claim for all jobs.
      update batch_jobs set status = 'running', actual_start_time = coalesce(actual_start_time, ${clockSecond}),
        last_claimed_at = ${statementTime}
      where organization_id = ${organizationId} and id in (select batch_job_id from chosen)
    )
    select opened.id, opened.lease_until, opened.attempt, chosen.batch_job_id, chosen.position, chosen.phone_number,
      contact_data, agent_id, from_phone_number_id, number.phone_number as from_phone_number, retry_max_attempts
    from opened join chosen using (batch_job_id, position)
    join job on job.id = chosen.batch_job_id
    left join (${numbers}) as number on number.id = from_phone_number_id
    order by turn
  `.compile(database());
}

function toClaimedCall(row: OpenedCall): ClaimedCall {
  return {
    callId: row.id,
    batchJobId: row.batch_job_id,
    contactId: contactIdOf(row),
    phoneNumber: row.phone_number,
    contactData: row.contact_data,
    agentId: row.agent_id,
    fromPhoneNumberId: row.from_phone_number_id,
    fromPhoneNumber: row.from_phone_number,
    attempt: row.attempt,
    maxAttempts: row.retry_max_attempts,
    leaseUntil: inUtcSeconds(row.lease_until),
  };
}
