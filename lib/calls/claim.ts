import { type Kysely, sql } from "kysely";
import { v7 as uuidVersion7 } from "uuid";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { jobNotFound } from "../batch-jobs/lock";
import { visibleBatchJobs } from "../batch-jobs/visible";
import { contactIdOf } from "../contacts/visible";
import { clockSecond, clockTime, statementTime, timeIn } from "../database/clock-time";
import { inUtcSeconds } from "../format/time";
import { visiblePhoneNumbers } from "../phone-numbers/visible";
import { recordDialer } from "./dialers";
import {
  contactsNotDialed,
  contactsToRetry,
  dialableJobs,
  findJobsWithContactsDue,
  findSecondsUntilDue,
  openCallsByJob,
} from "./due";
import { lockOrganizationCalling } from "./lock";
import type { Claim, ClaimedCall, ClaimRequest } from "./schema";

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
  await recordDialer(viewer, request.dialer, db);
  const limit = await lockOrganizationCalling(viewer, db);
  const jobIds = await lockJobs(viewer, await findJobsWithContactsDue(viewer, request, db), db);
  const calls = jobIds.length > 0 ? await openCalls(viewer, request, { jobIds, limit }, db) : [];
  await startJobs(viewer, [...new Set(calls.map((call) => call.batchJobId))], db);
  const nextPollSeconds =
    calls.length === max ? 1 : await findSecondsUntilDue(viewer, { batchJobId, limit }, db);
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

/** Locks those of the jobs that are still dialable. @returns their ids. */
async function lockJobs(viewer: Viewer, jobIds: string[], db: Kysely<Database>): Promise<string[]> {
  if (jobIds.length === 0) return [];
  const jobs = await dialableJobs(viewer, undefined, db)
    .where("id", "in", jobIds)
    .orderBy("id")
    .forNoKeyUpdate()
    .select("id")
    .execute();
  return jobs.map(({ id }) => id);
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
 * Makes contacts of locked jobs `queued`, and opens a call to each. Of a job come first those to be called again. A
 * contact's turn is the number of open calls that its job then has: so jobs get as many as each other.
 */
async function openCalls(
  viewer: Viewer,
  { dialer, max, leaseSeconds }: ClaimRequest,
  { jobIds, limit }: { jobIds: string[]; limit: number },
  db: Kysely<Database>,
): Promise<ClaimedCall[]> {
  const jobs = visibleBatchJobs(viewer.scope, db)
    .leftJoin(openCallsByJob(viewer, db).as("open"), "open.batch_job_id", "batch_jobs.id")
    .where("id", "in", jobIds)
    .select(["id", "agent_id", "from_phone_number_id", "retry_max_attempts", "created_at", "last_claimed_at"])
    .select(sql<number>`coalesce(open.calls, 0)`.as("calls"))
    .select(sql<number>`greatest(0, concurrent_call_limit - coalesce(open.calls, 0))`.as("room"));
  const toRetry = contactsToRetry(viewer, "job", db).orderBy("next_retry_at");
  const notDialed = contactsNotDialed(viewer, "job", db).orderBy("position");
  const [retried, first] = [toRetry, notDialed].map((contacts) =>
    contacts
      .select(["position", "phone_number", "contact_data", "status", "attempt_count", "next_retry_at"])
      .limit(sql<number>`least(${max}::integer, job.room)`),
  );
  const ids = Array.from({ length: max }, () => `call_${uuidVersion7().replaceAll("-", "")}`);
  const { rows } = await sql<OpenedCall>`
    with job as (${jobs}),
    contact as (
      select job.id as batch_job_id, position, phone_number, contact_data, status, attempt_count, next_retry_at,
        last_claimed_at, created_at, calls, room,
        row_number() over (partition by job.id order by next_retry_at nulls last, position) as place_in_job
      from job cross join lateral ((${retried}) union all (${first})) as due
    ),
    turn as (
      select batch_job_id, position, phone_number, contact_data, status, attempt_count, next_retry_at,
        row_number() over (order by calls + place_in_job, last_claimed_at nulls first, created_at, batch_job_id) as turn
      from contact where place_in_job <= room
    ),
    chosen as (
      select batch_job_id, position, phone_number, contact_data, status, attempt_count, next_retry_at, turn
      from turn
      where turn <= least(${max}, ${limit} - (
        select coalesce(sum(calls), 0) from (${openCallsByJob(viewer, db)}) as open
      ))
    ),
    queued as (
      update batch_contacts set status = 'queued', next_retry_at = null
      from chosen
      where batch_contacts.organization_id = ${viewer.organizationId}
        and batch_contacts.batch_job_id = chosen.batch_job_id and batch_contacts.position = chosen.position
    ),
    opened as (
      insert into batch_calls (
        organization_id, id, batch_job_id, position, attempt, previous_status, previous_next_retry_at, dialer,
        api_key_id, claimed_at, lease_until
      )
      select ${viewer.organizationId}, (${ids}::text[])[turn], batch_job_id, position, attempt_count + 1, status,
        next_retry_at, ${dialer}, ${viewer.apiKeyId}, ${clockTime}, ${timeIn(leaseSeconds)}
      from chosen
      returning id, batch_job_id, position, attempt, lease_until
    )
    select opened.id, opened.lease_until, opened.attempt, chosen.batch_job_id, chosen.position, chosen.phone_number,
      contact_data, agent_id, from_phone_number_id, number.phone_number as from_phone_number, retry_max_attempts
    from opened join chosen using (batch_job_id, position)
    join job on job.id = chosen.batch_job_id
    left join (${visiblePhoneNumbers(viewer.scope, db).select(["id", "phone_number"])}) as number
      on number.id = from_phone_number_id
    order by turn
  `.execute(db);
  return rows.map(toClaimedCall);
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

/** Makes the jobs `running` with their first claim. */
async function startJobs(viewer: Viewer, jobIds: string[], db: Kysely<Database>): Promise<void> {
  if (jobIds.length === 0) return;
  await db
    .updateTable("batch_jobs")
    .set({
      status: "running",
      actual_start_time: sql<Date>`coalesce(actual_start_time, ${clockSecond})`,
      // The same for all jobs of a claim.
      last_claimed_at: statementTime,
    })
    .where("organization_id", "=", viewer.organizationId)
    .where("id", "in", jobIds)
    .execute();
}
