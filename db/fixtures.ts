import { createHash, randomBytes, scryptSync } from "node:crypto";
import { type Insertable, type Kysely, sql } from "kysely";
import { v7 as uuidVersion7 } from "uuid";
import { createClient } from "./client";
import type { Database } from "./schema";

/** For tests: rows with defaults, so that a test states only what matters to it. */
export const testDatabase = createClient({
  // The benchmark imports this file without using it, and has no such variable.
  databaseUrl: process.env.DATABASE_URL ?? "postgresql://localhost/none",
  poolMax: 4,
  applicationName: "batch-jobs tests",
  timeouts: false,
});

/** Unique among all tests, so that they run in parallel without cleaning up. */
export function uniqueId(kind: string): string {
  return `${kind}_${randomBytes(9).toString("hex")}`;
}

export async function insertOrganization(id = uniqueId("org")): Promise<string> {
  await testDatabase
    .insertInto("organizations")
    .values({ id, name: `Organization ${id}` })
    .execute();
  return id;
}

export async function insertApiKey(
  organizationId: string,
  key: string,
  given: Partial<Insertable<Database["api_keys"]>> = {},
): Promise<string> {
  const id = uniqueId("key");
  await testDatabase
    .insertInto("api_keys")
    .values({
      id,
      organization_id: organizationId,
      name: "Test",
      key_hash: createHash("sha256").update(key).digest(),
      key_start: key.slice(0, 12),
      key_last_four: key.slice(-4),
      ...given,
    })
    .execute();
  return id;
}

type JobGiven = Partial<Insertable<Database["batch_jobs"]>>;

const jobTimes = ["scheduled_start_time", "actual_start_time", "completed_at", "created_at"] as const;

/** Truncates times to seconds, as the product does: the column's type would round. */
function toSeconds(job: JobGiven): JobGiven {
  const given = jobTimes.filter((time) => job[time] != null);
  return Object.fromEntries(
    given.map((time) => [time, sql`date_trunc('second', ${job[time]}::timestamptz)`]),
  );
}

/**
 * Inserts a job for each item in one statement, by default in a transaction of its own.
 * @returns their ids in the same order; they increase, as the product's do.
 */
export async function insertBatchJobs(
  organizationId: string,
  given: JobGiven[],
  db: Kysely<Database> = testDatabase,
): Promise<string[]> {
  if (given.length === 0) return [];
  const rows = given.map(
    (job): Insertable<Database["batch_jobs"]> => ({
      id: `batch_${uuidVersion7()}`,
      organization_id: organizationId,
      name: "Renewals",
      status: "completed",
      agent_id: "agent_1",
      from_phone_number_id: "phone_1",
      total_contacts: 0,
      ...job,
      ...toSeconds(job),
    }),
  );
  await db.insertInto("batch_jobs").values(rows).execute();
  return rows.map((row) => row.id);
}

/**
 * Inserts contacts of a job, numbered from 1, in one statement.
 *
 * @param firstNumber the end of the first contact's phone number; those of the others follow.
 */
export async function insertContacts(
  organizationId: string,
  batchJobId: string,
  count: number,
  { firstNumber = 1, db = testDatabase } = {},
): Promise<void> {
  await sql`
    insert into batch_contacts (organization_id, batch_job_id, position, phone_number, contact_data)
    select ${organizationId}, ${batchJobId}, position, phone, jsonb_build_object('phone', phone, 'name', 'Contact ' || position)
    from generate_series(1, ${count}::integer) as position
    cross join lateral (
      select '+1202' || lpad((${firstNumber}::integer + position - 1)::text, 7, '0') as phone
    ) as made
  `.execute(db);
}

/** Sets the counters of an organization's jobs to what their contacts say, as the product does with each call. */
export async function recount(organizationId: string): Promise<void> {
  await sql`
    update batch_jobs
    set contacts_processed = successful + failed, successful_calls = successful, failed_calls = failed
    from (
      select batch_job_id,
        count(*) filter (where status = 'completed') as successful,
        count(*) filter (where status in ('blocked', 'invalid_number', 'carrier_error', 'failed')) as failed
      from batch_contacts where organization_id = ${organizationId} group by batch_job_id
    ) as counted
    where organization_id = ${organizationId} and id = batch_job_id
  `.execute(testDatabase);
}

/** Inserts a job with contacts that can be claimed. @returns its id. */
export async function insertDialableJob(
  organizationId: string,
  contacts: number,
  given: JobGiven = {},
  firstNumber?: number,
): Promise<string> {
  const [id = ""] = await insertBatchJobs(organizationId, [
    { status: "pending", has_contacts: true, total_contacts: contacts, ...given },
  ]);
  await insertContacts(organizationId, id, contacts, { firstNumber });
  return id;
}

/** Ends the leases of an organization's open calls, as time would. */
export async function endLeases(organizationId: string, callIds?: string[]): Promise<void> {
  await sql`
    update batch_calls set lease_until = clock_timestamp()
    where organization_id = ${organizationId} and ended_at is null
      and (${callIds ?? null}::text[] is null or id = any(${callIds ?? null}::text[]))
  `.execute(testDatabase);
}

/** Sets the most calls that an organization may have open; without this it is the product's default. */
export async function setConcurrentCallLimit(organizationId: string, limit: number): Promise<void> {
  const values = { organization_id: organizationId, concurrent_call_limit: limit };
  await testDatabase
    .insertInto("organization_calling")
    .values(values)
    .onConflict((conflict) => conflict.column("organization_id").doUpdateSet(values))
    .execute();
}

/** A hash in the product's format that is fast to verify. */
function cheapPasswordHash(password: string): string {
  const [N, r, p] = [1_024, 8, 1];
  const salt = randomBytes(16);
  const hash = scryptSync(password, salt, 32, { N, r, p });
  return ["scrypt", N, r, p, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

export interface TestUser {
  id: string;
  email: string;
  password: string;
}

export async function insertUser(given: { name?: string | null; timeZone?: string } = {}): Promise<TestUser> {
  const id = uniqueId("user");
  const user = { id, email: `${id}@example.com`, password: `password of ${id}` };
  await testDatabase
    .insertInto("users")
    .values({
      id,
      email: user.email,
      name: given.name === undefined ? "Ana Example" : given.name,
      password_hash: cheapPasswordHash(user.password),
      time_zone: given.timeZone ?? null,
    })
    .execute();
  return user;
}

export async function changePassword(userId: string, password: string): Promise<void> {
  await testDatabase
    .updateTable("users")
    .set({ password_hash: cheapPasswordHash(password) })
    .where("id", "=", userId)
    .execute();
}

export async function insertMembership(
  organizationId: string,
  userId: string,
  role: Database["memberships"]["role"] = "member",
): Promise<void> {
  await testDatabase
    .insertInto("memberships")
    .values({ organization_id: organizationId, user_id: userId, role })
    .execute();
}

/** @param token of the invitation's link. */
export async function insertInvitation(
  organizationId: string,
  token: string,
  given: Partial<Insertable<Database["invitations"]>> = {},
): Promise<{ id: string; email: string }> {
  const id = uniqueId("invitation");
  const email = `${id}@example.com`;
  await testDatabase
    .insertInto("invitations")
    .values({
      id,
      organization_id: organizationId,
      email,
      role: "member",
      token_hash: createHash("sha256").update(token).digest(),
      expires_at: new Date(Date.now() + 7 * 86_400_000),
      ...given,
    })
    .execute();
  return { id, email: given.email ?? email };
}

/** @returns its id. */
export async function insertPhoneNumber(
  organizationId: string,
  given: Partial<Insertable<Database["phone_numbers"]>> = {},
): Promise<string> {
  const id = given.id ?? uniqueId("phone");
  await testDatabase
    .insertInto("phone_numbers")
    .values({
      id,
      organization_id: organizationId,
      phone_number: "+12025550100",
      agent_id: "agent_def456",
      ...given,
    })
    .execute();
  return id;
}

/** Saves a view of the jobs page. @returns its id. */
export async function insertSavedView(
  organizationId: string,
  userId: string,
  given: Partial<Insertable<Database["saved_views"]>> = {},
): Promise<string> {
  const id = given.id ?? uniqueId("view");
  await testDatabase
    .insertInto("saved_views")
    .values({
      id,
      organization_id: organizationId,
      user_id: userId,
      name: id,
      query: "status=failed",
      ...given,
    })
    .execute();
  return id;
}
