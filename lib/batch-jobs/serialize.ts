import type { Selectable } from "kysely";
import type { Database } from "@/db/schema";
import { inUtcSeconds } from "../time";
import type { BatchJob, BatchJobList, BatchJobStatus, ListBatchJobsQuery } from "./schema";

/** What serializeBatchJob needs; and when the job last changed, for the page (lib/batch-jobs/view.ts). */
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

/** The one place where a row becomes the contract's object, keys in the contract's order. */
export function serializeBatchJob(row: BatchJobRow): BatchJob {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    status: row.status as BatchJobStatus,
    organizationId: row.organization_id,
    agentId: row.agent_id,
    fromPhoneNumberId: row.from_phone_number_id,
    totalContacts: row.total_contacts,
    contactsProcessed: row.contacts_processed,
    successfulCalls: row.successful_calls,
    failedCalls: row.failed_calls,
    scheduledStartTime: row.scheduled_start_time && inUtcSeconds(row.scheduled_start_time),
    actualStartTime: row.actual_start_time && inUtcSeconds(row.actual_start_time),
    completedAt: row.completed_at && inUtcSeconds(row.completed_at),
    createdAt: inUtcSeconds(row.created_at),
    concurrentCallLimit: row.concurrent_call_limit,
    retryPolicy: {
      maxAttempts: row.retry_max_attempts,
      retryableStatuses: row.retry_retryable_statuses,
    },
  };
}

/** The contract's list answer: four keys, in this order. */
export function serializeBatchJobList(
  list: { batchJobs: BatchJobRow[]; total: number },
  query: Pick<ListBatchJobsQuery, "page" | "pageSize">,
): BatchJobList {
  return {
    batchJobs: list.batchJobs.map(serializeBatchJob),
    total: list.total,
    page: query.page,
    pageSize: query.pageSize,
  };
}
