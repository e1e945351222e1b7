import { type Expression, type Kysely, type SqlBool, sql } from "kysely";
import type { Database } from "@/db/schema";
import { runByViewer } from "../access/run-by-viewer";
import { type OrganizationScope, type Viewer, viewerScope } from "../access/viewer";
import { visibleBatchJobs } from "../batch-jobs/visible";
import { visibleContacts } from "../contacts/visible";
import { parameter } from "../database/cached-statement";
import { statementTime } from "../database/clock-time";
import { database } from "../database/database";
import { openCalls } from "./visible";

const pollSecondsMax = 30;

/** The number of open calls of each job that has any. */
export const openCallsByJob = (scope: OrganizationScope) =>
  openCalls(scope)
    .groupBy("batch_job_id")
    .select(["batch_job_id", sql<number>`count(*)::integer`.as("calls")]);

/**
 * Begins a statement that claims contacts: it reads the open calls once, as `open_call`. In the order of their index, so
 * that PostgreSQL does not read those of other organizations in another one.
 */
export const withOpenCalls = (scope: OrganizationScope) => {
  const calls = openCalls(scope).orderBy("batch_job_id").select(["batch_job_id", "phone_number"]);
  return sql`with open_call as materialized (${calls})`;
};

/** The number of open calls of each job that has any, from `open_call`. */
export const openCallCounts = sql<{ batch_job_id: string; calls: number }>`(
  select batch_job_id, count(*)::integer as calls from open_call group by batch_job_id
)`;

/** Whether no job has an open call to the contact's number. @param numbers those of open calls. */
export const isNumberFree = (numbers: Expression<unknown> = sql`select phone_number from open_call`) =>
  sql<SqlBool>`phone_number <> all (array(${numbers}))`;

/** The jobs whose contacts may be called now. The first condition is that of the index batch_jobs_dialable. */
const dialableJobs = (scope: OrganizationScope) =>
  visibleBatchJobs(scope)
    .where(sql<SqlBool>`has_contacts and status in ('pending', 'scheduled', 'running')`)
    .where(sql<SqlBool>`(status <> 'scheduled' or scheduled_start_time <= ${statementTime})`);

/**
 * Whether any job is dialable. Read in the order of their index, so that PostgreSQL reads no others; EXISTS would drop
 * the order.
 */
export const isAnyDialable = (scope: OrganizationScope) =>
  sql<boolean>`(${dialableJobs(scope)
    .select(sql.lit(true).as("is"))
    .orderBy("created_at")
    .orderBy("id")
    .limit(sql.lit(1))}) is true`;

const contactsOf = (scope: OrganizationScope, job: string) =>
  visibleContacts(scope, sql.ref<string>(`${job}.id`));

/**
 * The contacts of a job that can be claimed at any time; these are in an index of their own.
 *
 * @param job the name of the job's table in the query around this one.
 */
export const contactsNotDialed = (scope: OrganizationScope, job: string) =>
  contactsOf(scope, job).where(sql<SqlBool>`status = 'pending' and next_retry_at is null`);

/** The contacts of a job whose time to be claimed again has come. @param job as for contactsNotDialed. */
export const contactsToRetry = (scope: OrganizationScope, job: string) =>
  contactsOf(scope, job).where("next_retry_at", "<=", statementTime);

/**
 * True if there are any, else null. In the order of their index: without it, PostgreSQL takes contacts that are due to be
 * spread over the table, and looks for the first by reading it from its beginning.
 */
export const isAny = (contacts: ReturnType<typeof contactsOf>, order: "position" | "next_retry_at") =>
  sql`(${contacts.select(sql.lit(true).as("is")).orderBy(order).limit(sql.lit(1))})`;

/** Which jobs a dialer wants to have contacts of: one, or any. */
const isWanted = (batchJobId: string | undefined) =>
  batchJobId === undefined ? sql<SqlBool>`true` : sql<SqlBool>`id = ${parameter("batchJobId")}`;

/**
 * Finds the jobs that have contacts due and room for another call, and locks those that are still dialable then: first
 * those with the fewest open calls, then those whose last claim is the longest ago, then the oldest. So a large job never
 * keeps a small one waiting.
 *
 * @param max the number of jobs.
 * @param db a transaction.
 * @returns their ids.
 */
export async function lockJobsWithContactsDue(
  viewer: Viewer,
  { batchJobId, max }: { batchJobId?: string; max: number },
  db: Kysely<Database>,
): Promise<string[]> {
  const build = () => {
    const found = dialableJobs(viewerScope)
      .where(isWanted(batchJobId))
      .leftJoin(openCallCounts.as("open"), "open.batch_job_id", "batch_jobs.id")
      .where(sql<SqlBool>`coalesce(open.calls, 0) < concurrent_call_limit`)
      // Unlike EXISTS, which PostgreSQL may answer by reading the contacts of all jobs.
      .where(
        sql<SqlBool>`(
          ${isAny(contactsNotDialed(viewerScope, "batch_jobs").where(isNumberFree()), "position")}
          or ${isAny(contactsToRetry(viewerScope, "batch_jobs").where(isNumberFree()), "next_retry_at")}
        )`,
      )
      .orderBy(sql`coalesce(open.calls, 0), last_claimed_at nulls first, created_at, id`)
      .limit(parameter<number>("max"))
      .select("id");
    const locked = dialableJobs(viewerScope)
      .where(sql<SqlBool>`id = any (array(${found}))`)
      .orderBy("id")
      .forNoKeyUpdate()
      .select("id");
    return sql<{ id: string }>`${withOpenCalls(viewerScope)} ${locked}`.compile(database());
  };
  const name = `jobs with contacts due, ${batchJobId === undefined}`;
  return (await runByViewer(viewer, name, build, { batchJobId, max }, db)).map(({ id }) => id);
}

/**
 * Finds in how many whole seconds, from 1 to 30, to claim again after a claim that got all it could: at the next retry or
 * scheduled start, or in one second if contacts are due that a limit or another call to their number keeps waiting.
 */
export async function findSecondsUntilDue(
  viewer: Viewer,
  batchJobId: string | undefined,
  db: Kysely<Database>,
): Promise<number> {
  const build = () => {
    const nextRetry = contactsOf(viewerScope, "batch_jobs")
      .where("next_retry_at", "is not", null)
      .orderBy("next_retry_at")
      .limit(sql.lit(1))
      .select("next_retry_at");
    const isDue = isAny(contactsNotDialed(viewerScope, "batch_jobs"), "position");
    const jobs = dialableJobs(viewerScope)
      .where(isWanted(batchJobId))
      .select(sql`case when ${isDue} then ${statementTime} else (${nextRetry}) end`.as("due_at"));
    const scheduled = visibleBatchJobs(viewerScope)
      .where(sql<SqlBool>`has_contacts and status = 'scheduled'`)
      .where(isWanted(batchJobId));
    return sql<{ seconds: number | null }>`
      select ceil(extract(epoch from least(
        (select min(due_at) from (${jobs}) as job),
        (${scheduled.select(({ fn }) => fn.min("scheduled_start_time").as("at"))})
      ) - ${statementTime}))::float8 as seconds
    `.compile(database());
  };
  const name = `seconds until due, ${batchJobId === undefined}`;
  const [found] = await runByViewer(viewer, name, build, { batchJobId }, db);
  return Math.min(Math.max(found?.seconds ?? pollSecondsMax, 1), pollSecondsMax);
}
