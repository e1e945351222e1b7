import { type Expression, type RawBuilder, type Selectable, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { BatchJob, ListBatchJobsQuery } from "./schema";
import { newestFirst } from "./visible";

/** What the contract tells of a job; and when it last changed, for the page (lib/batch-jobs/view.ts). */
export const batchJobColumns = [
  "id",
  "name",
  "description",
  "status",
  "organization_id",
  "agent_id",
  "from_phone_number_id",
  "total_contacts",
  "contacts_processed",
  "successful_calls",
  "failed_calls",
  "scheduled_start_time",
  "actual_start_time",
  "completed_at",
  "created_at",
  "updated_at",
  "concurrent_call_limit",
  "retry_max_attempts",
  "retry_retryable_statuses",
] as const satisfies (keyof Database["batch_jobs"])[];

export type BatchJobRow = Selectable<Database["batch_jobs"]>;

const column = (name: (typeof batchJobColumns)[number]) => sql.ref(`job.${name}`);

/** A time as the contract writes it, UTC in whole seconds: `2025-02-28T14:00:05Z`. */
const time = (name: (typeof batchJobColumns)[number]) =>
  sql`to_char(${column(name)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** A select of one row with these fields, in their order: row_to_json makes an object of it. */
const fields = (of: Record<string, RawBuilder<unknown>>) =>
  sql`select ${sql.join(Object.entries(of).map(([name, value]) => sql`${value} as ${sql.ref(name)}`))}`;

const retryPolicy: Record<keyof BatchJob["retryPolicy"], RawBuilder<unknown>> = {
  maxAttempts: column("retry_max_attempts"),
  retryableStatuses: column("retry_retryable_statuses"),
};

/**
 * The one place where a row becomes the contract's object, keys in the contract's order. PostgreSQL writes it: to
 * read rows into objects and write these again takes the server longer than all else that it does with a request.
 */
const batchJob: Record<keyof BatchJob, RawBuilder<unknown>> = {
  id: column("id"),
  name: column("name"),
  description: column("description"),
  status: column("status"),
  organizationId: column("organization_id"),
  agentId: column("agent_id"),
  fromPhoneNumberId: column("from_phone_number_id"),
  totalContacts: column("total_contacts"),
  contactsProcessed: column("contacts_processed"),
  successfulCalls: column("successful_calls"),
  failedCalls: column("failed_calls"),
  scheduledStartTime: time("scheduled_start_time"),
  actualStartTime: time("actual_start_time"),
  completedAt: time("completed_at"),
  createdAt: time("created_at"),
  concurrentCallLimit: column("concurrent_call_limit"),
  retryPolicy: sql`(select policy from (${fields(retryPolicy)}) as policy)`,
};

/** Some jobs as the contract's objects in JSON, parted by commas, newest first. */
export function jobsAsJson(jobs: Expression<BatchJobRow>): RawBuilder<string> {
  return sql`(
    select coalesce(string_agg(row_to_json(batch_job)::text, ',' order by ${newestFirst("job")}), '')
    from (${jobs}) as job cross join lateral (${fields(batchJob)}) as batch_job
  )`;
}

/** The contract's list answer: four keys, in this order. @param jobs from jobsAsJson. */
export function batchJobListJson(
  { jobs, total }: { jobs: string; total: number },
  { page, pageSize }: Pick<ListBatchJobsQuery, "page" | "pageSize">,
): string {
  return `{"batchJobs":[${jobs}],"total":${total},"page":${page},"pageSize":${pageSize}}`;
}
