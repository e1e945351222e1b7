import { type Kysely, type SqlBool, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { visibleBatchJobs } from "../batch-jobs/visible";
import { visibleContacts } from "../contacts/visible";
import { statementTime } from "../database/clock-time";
import { visibleCalls } from "./visible";

const pollSecondsMax = 30;

/** The number of open calls of each job that has any. */
export const openCallsByJob = (viewer: Viewer, db: Kysely<Database>) =>
  visibleCalls(viewer.scope, db)
    .where("ended_at", "is", null)
    .groupBy("batch_job_id")
    .select(["batch_job_id", sql<number>`count(*)::integer`.as("calls")]);

/** The jobs whose contacts may be called now. The first condition is that of the index batch_jobs_dialable. */
export function dialableJobs(viewer: Viewer, batchJobId: string | undefined, db: Kysely<Database>) {
  const jobs = visibleBatchJobs(viewer.scope, db)
    .where(sql<SqlBool>`has_contacts and status in ('pending', 'scheduled', 'running')`)
    .where(sql<SqlBool>`(status <> 'scheduled' or scheduled_start_time <= ${statementTime})`);
  return batchJobId === undefined ? jobs : jobs.where("id", "=", batchJobId);
}

const contactsOf = (viewer: Viewer, job: string, db: Kysely<Database>) =>
  visibleContacts(viewer.scope, sql.ref<string>(`${job}.id`), db);

/**
 * The contacts of a job that can be claimed at any time; these are in an index of their own.
 *
 * @param job the name of the job's table in the query around this one.
 */
export const contactsNotDialed = (viewer: Viewer, job: string, db: Kysely<Database>) =>
  contactsOf(viewer, job, db).where(sql<SqlBool>`status = 'pending' and next_retry_at is null`);

/** Those whose time to be claimed again has come. */
export const contactsToRetry = (viewer: Viewer, job: string, db: Kysely<Database>) =>
  contactsOf(viewer, job, db).where("next_retry_at", "<=", statementTime);

const isAny = (contacts: ReturnType<typeof contactsOf>) => contacts.select(sql.lit(true).as("is")).limit(1);

/**
 * The jobs that have contacts due and room for another call: first those with the fewest open calls, then those whose
 * last claim is the longest ago, then the oldest. So a large job never keeps a small one waiting.
 *
 * @param max the number of jobs.
 */
export async function findJobsWithContactsDue(
  viewer: Viewer,
  { batchJobId, max }: { batchJobId?: string; max: number },
  db: Kysely<Database>,
): Promise<string[]> {
  const jobs = await dialableJobs(viewer, batchJobId, db)
    .leftJoin(openCallsByJob(viewer, db).as("open"), "open.batch_job_id", "batch_jobs.id")
    .where(sql<SqlBool>`coalesce(open.calls, 0) < concurrent_call_limit`)
    // Unlike EXISTS, which PostgreSQL may answer by reading the contacts of all jobs.
    .where(
      sql<SqlBool>`((${isAny(contactsNotDialed(viewer, "batch_jobs", db))}) or (${isAny(contactsToRetry(viewer, "batch_jobs", db))}))`,
    )
    .orderBy(sql`coalesce(open.calls, 0), last_claimed_at nulls first, created_at, id`)
    .limit(max)
    .select("id")
    .execute();
  return jobs.map(({ id }) => id);
}

/**
 * When to claim again: after the time to the next retry or scheduled start, in whole seconds from 1 to 30; after a second
 * when a limit is what keeps contacts waiting.
 *
 * @param limit of the organization's open calls.
 */
export async function findSecondsUntilDue(
  viewer: Viewer,
  { batchJobId, limit }: { batchJobId?: string; limit: number },
  db: Kysely<Database>,
): Promise<number> {
  const jobs = dialableJobs(viewer, batchJobId, db);
  const retries = contactsOf(viewer, "batch_jobs", db)
    .where("next_retry_at", "is not", null)
    .orderBy("next_retry_at")
    .limit(1)
    .select("next_retry_at");
  const scheduled = visibleBatchJobs(viewer.scope, db)
    .where(sql<SqlBool>`has_contacts and status = 'scheduled'`)
    .$if(batchJobId !== undefined, (query) => query.where("id", "=", batchJobId ?? ""));
  const open = openCallsByJob(viewer, db);
  const isJobFull = jobs
    .innerJoin(open.as("open"), "open.batch_job_id", "batch_jobs.id")
    .where(sql<SqlBool>`open.calls >= concurrent_call_limit`)
    .select("id");
  const { rows } = await sql<{ seconds: number | null }>`
    select ceil(extract(epoch from least(
      (select min(next_retry_at) from (${jobs.select(retries.as("next_retry_at"))}) as retry),
      (${scheduled.select(({ fn }) => fn.min("scheduled_start_time").as("at"))}),
      case when exists (${isJobFull}) or (select sum(calls) from (${open}) as job) >= ${limit} then ${statementTime} end
    ) - ${statementTime}))::float8 as seconds
  `.execute(db);
  const seconds = rows[0]?.seconds ?? pollSecondsMax;
  return Math.min(Math.max(seconds, 1), pollSecondsMax);
}
