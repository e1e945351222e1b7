import { type Insertable, type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { inUtcSeconds } from "../format/time";
import type { BatchJob } from "./schema";
import { visibleBatchJobs } from "./visible";

export interface WriteResult {
  inserted: number;
  updated: number;
  unchanged: number;
  /** How many of the updated and unchanged jobs kept their status, counts and times although others were given. */
  kept: number;
}

/** The database would round, into the future or the year 10000. */
const toSeconds = (time: string) => inUtcSeconds(new Date(time));

type JobRow = Insertable<Database["batch_jobs"]>;
type WrittenColumn = Exclude<
  keyof JobRow,
  | "organization_id"
  | "updated_at"
  | "has_contacts"
  | "schedule_time_zone"
  | "failure_reason"
  | "last_claimed_at"
  | "updated_xid"
  | "settled_xid"
  | "settled_at"
  | "name_search"
>;

/** Wire to row, field by field: each column's type, and its value. One left out does not compile. */
const columns: {
  [C in WrittenColumn]-?: { type: string; of: (job: BatchJob) => Exclude<JobRow[C], undefined> };
} = {
  id: { type: "text", of: (job) => job.id },
  name: { type: "text", of: (job) => job.name },
  description: { type: "text", of: (job) => job.description },
  status: { type: "text", of: (job) => job.status },
  agent_id: { type: "text", of: (job) => job.agentId },
  from_phone_number_id: { type: "text", of: (job) => job.fromPhoneNumberId },
  total_contacts: { type: "integer", of: (job) => job.totalContacts },
  contacts_processed: { type: "integer", of: (job) => job.contactsProcessed },
  successful_calls: { type: "integer", of: (job) => job.successfulCalls },
  failed_calls: { type: "integer", of: (job) => job.failedCalls },
  scheduled_start_time: {
    type: "timestamptz",
    of: (job) => job.scheduledStartTime && toSeconds(job.scheduledStartTime),
  },
  actual_start_time: {
    type: "timestamptz",
    of: (job) => job.actualStartTime && toSeconds(job.actualStartTime),
  },
  completed_at: { type: "timestamptz", of: (job) => job.completedAt && toSeconds(job.completedAt) },
  created_at: { type: "timestamptz", of: (job) => toSeconds(job.createdAt) },
  concurrent_call_limit: { type: "integer", of: (job) => job.concurrentCallLimit },
  retry_max_attempts: { type: "integer", of: (job) => job.retryPolicy.maxAttempts },
  retry_retryable_statuses: { type: "text[]", of: (job) => job.retryPolicy.retryableStatuses },
};

const names = Object.keys(columns) as WrittenColumn[];
const listed = (of: string[], source: string) => sql.join(of.map((name) => sql.ref(`${source}.${name}`)));
const changeable = names.filter((name) => name !== "id");
/** What dialers and people change of a job that has its contacts here, and an import does not. */
const progress: WrittenColumn[] = [
  "status",
  "total_contacts",
  "contacts_processed",
  "successful_calls",
  "failed_calls",
  "scheduled_start_time",
  "actual_start_time",
  "completed_at",
];
const written = sql.join(
  changeable.map((name) =>
    progress.includes(name)
      ? sql`case when batch_jobs.has_contacts then batch_jobs.${sql.ref(name)} else excluded.${sql.ref(name)} end`
      : sql`excluded.${sql.ref(name)}`,
  ),
);
const typed = sql.join(names.map((name) => sql`${sql.ref(name)} ${sql.raw(columns[name].type)}`));

/**
 * Inserts jobs of the viewer's organization whose ids are new and updates those whose ids it has, in one
 * statement. Safe to repeat: a job that is as given already is not touched.
 *
 * @param db the database, or a transaction of it.
 * @param jobs valid by the schema, with unlike ids; a few thousand at most. Their `organizationId` is not
 *   read: they become the viewer's.
 * @param changedAt when those that are new last changed, if that was not now.
 */
export async function writeBatchJobs(
  viewer: Viewer,
  db: Kysely<Database>,
  jobs: BatchJob[],
  changedAt?: Date,
): Promise<WriteResult> {
  viewer.require("writeBatchJobs");
  const rows = jobs.map((job) => Object.fromEntries(names.map((name) => [name, columns[name].of(job)])));
  const existing = visibleBatchJobs(viewer.scope, db)
    .where("has_contacts", "=", true)
    .select(["id", ...progress]);
  // In the order of ids, so that two writers of the same jobs wait for each other instead of deadlocking.
  const { rows: results } = await sql<{ inserted: number; updated: number; kept: number }>`
    with given as (select ${listed(names, "given")} from json_to_recordset(${JSON.stringify(rows)}) as given (${typed})),
    written as (
      insert into batch_jobs (organization_id, updated_at, ${sql.join(names.map((name) => sql.ref(name)))})
      select ${viewer.organizationId}, coalesce(${changedAt ?? null}::timestamptz, now()), ${listed(names, "given")}
      from given
      order by given.id collate "C"
      on conflict (organization_id, id) do update
      set (${sql.join(changeable.map((name) => sql.ref(name)))}) = row (${written})
      where (${listed(changeable, "batch_jobs")}) is distinct from (${written})
      returning xmax = 0 as is_new
    )
    select
      (select count(*)::int from written where is_new) as inserted,
      (select count(*)::int from written where not is_new) as updated,
      (
        select count(*)::int from given join (${existing}) as job on job.id = given.id
        where (${listed(progress, "job")}) is distinct from (${listed(progress, "given")})
      ) as kept
  `.execute(db);
  const { inserted = 0, updated = 0, kept = 0 } = results[0] ?? {};
  return { inserted, updated, unchanged: jobs.length - inserted - updated, kept };
}

/** Deletes those of the jobs that are the viewer's organization's. */
export async function deleteBatchJobs(viewer: Viewer, db: Kysely<Database>, ids: string[]): Promise<void> {
  viewer.require("writeBatchJobs");
  await sql`
    delete from batch_jobs where organization_id = ${viewer.organizationId} and id = any(${ids}::text[])
  `.execute(db);
}
