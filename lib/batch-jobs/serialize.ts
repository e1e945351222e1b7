import { type Expression, type RawBuilder, type Selectable, sql } from "kysely";
import type { Database } from "@/db/schema";
import { selectFields, utcSeconds } from "../database/json";
import type { BatchJob, ListBatchJobsQuery } from "./schema";
import { newestFirst } from "./visible";

/** The contract's fields, and `updated_at` for the page (lib/batch-jobs/view.ts). */
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
] as const;

export type BatchJobRow = Pick<Selectable<Database["batch_jobs"]>, (typeof batchJobColumns)[number]>;

const column = (name: (typeof batchJobColumns)[number]) => sql.ref(`job.${name}`);

const time = (name: (typeof batchJobColumns)[number]) => utcSeconds(column(name));

const retryPolicy: Record<keyof BatchJob["retryPolicy"], RawBuilder<unknown>> = {
  maxAttempts: column("retry_max_attempts"),
  retryableStatuses: column("retry_retryable_statuses"),
};

/**
 * The contract's object, keys in its order. PostgreSQL serializes it, as parsing rows and serializing objects would take
 * longer than the rest of the request.
 */
export const batchJobFields: Record<keyof BatchJob, RawBuilder<unknown>> = {
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
  retryPolicy: sql`(select policy from (${selectFields(retryPolicy)}) as policy)`,
};

/** Jobs as the contract's objects in JSON, separated by commas, newest first. */
export function jobsAsJson(jobs: Expression<BatchJobRow>): RawBuilder<string> {
  return sql`(
    select coalesce(string_agg(row_to_json(batch_job)::text, ',' order by ${newestFirst("job")}), '')
    from (${jobs}) as job cross join lateral (${selectFields(batchJobFields)}) as batch_job
  )`;
}

/** The contract's answer, keys in its order. @param jobs from jobsAsJson. */
export function batchJobListJson(
  { jobs, total }: { jobs: string; total: number },
  { page, pageSize }: Pick<ListBatchJobsQuery, "page" | "pageSize">,
): string {
  return `{"batchJobs":[${jobs}],"total":${total},"page":${page},"pageSize":${pageSize}}`;
}
