import { type Expression, type RawBuilder, type Selectable, sql } from "kysely";
import type { Database } from "@/db/schema";
import { selectFields, utcSeconds } from "../database/json";
import { inUtcSeconds } from "../format/time";
import type { JobHealth } from "./health";
import type { BatchJob, Health, ListBatchJobsQuery } from "./schema";
import type { StatusCounts } from "./status";
import { newestFirst } from "./visible";

/** The contract's fields, and `updated_at` for the page (lib/batch-jobs/displayed-job.ts). */
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

/** Jobs as the contract's objects in JSON, with a hash of each row. */
export interface HashedJobs {
  /** The hashes of the jobs, newest first, separated by commas. */
  hashes: string;
  /** The jobs in the order of the hashes, one in a line, which is empty for a job whose hash is known. */
  jobs: string;
}

/** @param knownHashes those of jobs that need not be serialized, as an array of PostgreSQL in a text. */
export function selectHashedJobs(jobs: Expression<BatchJobRow>, knownHashes: Expression<string>) {
  const order = sql`order by ${newestFirst("job")}`;
  const json = sql`case when hash = any (${knownHashes}::bigint[]) then '' else ${jobAsJson({ hasUpdatedAt: false })} end`;
  // Without an offset, the hash would be computed in each place where it is used.
  return sql<HashedJobs>`(
    select
      coalesce(string_agg(hash::text, ',' ${order}), '') as hashes,
      coalesce(string_agg(${json}, e'\\n' ${order}), '') as jobs
    from (select page.*, hash_record_extended(page, 0) as hash from ${jobs} as page offset 0) as job
  )`;
}

/** The job named `job` as the contract's object in JSON, with or without its `updatedAt`. */
export function jobAsJson({ hasUpdatedAt }: { hasUpdatedAt: boolean }): RawBuilder<string> {
  const fields = hasUpdatedAt ? { ...batchJobFields, updatedAt: time("updated_at") } : batchJobFields;
  return sql`(select row_to_json(batch_job)::text from (${selectFields(fields)}) as batch_job)`;
}

/** The API's times end with the year 9999. */
const latestMs = Date.UTC(10_000, 0, 1) - 1;

export function serializeHealth(health: JobHealth | undefined, nowMs: number): Health | null {
  const since = (ms: number) => ({ since: inUtcSeconds(new Date(ms)), estimatedCompletionTime: null });
  switch (health?.is) {
    case "overdue":
      return { state: "overdue", ...since(health.sinceMs) };
    case "stalled":
      return { state: "stalled", ...since(nowMs - health.forMs) };
    case "on track": {
      const estimatedCompletionTime = inUtcSeconds(new Date(Math.min(health.endMs, latestMs)));
      return { state: "onTrack", since: null, estimatedCompletionTime };
    }
  }
  return null;
}

/** A list answer; what is undefined is left out, as it is in the contract's answer. */
export interface SerializedList {
  /** JSON of the jobs, separated by commas. */
  jobs: string;
  total?: number;
  isTotalExact?: boolean;
  /** null when there are too many jobs to count. */
  statusCounts?: StatusCounts | null;
  nextCursor?: string | null;
}

/** The answer to a list request, in the contract the first key and the last three. */
export function batchJobListJson(
  list: SerializedList,
  { page, pageSize, cursor }: Pick<ListBatchJobsQuery, "page" | "pageSize" | "cursor">,
): string {
  const { total, isTotalExact, statusCounts } = list;
  const others = JSON.stringify({
    total,
    totalIsExact: isTotalExact,
    statusCounts,
    ...(cursor === undefined ? { page, pageSize } : { pageSize, nextCursor: list.nextCursor }),
  });
  return `{"batchJobs":[${list.jobs}],${others.slice(1)}`;
}
