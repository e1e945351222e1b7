import type { Kysely } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { HttpError } from "../http/http-error";
import { visibleBatchJobs } from "./visible";

/** The error for a job that does not exist, and for one of another organization. */
export const jobNotFound = new HttpError(404, "job_not_found", "Batch job not found");

/**
 * Locks a job until the end of the transaction, so that its status and its contacts change in one transaction at a time.
 * Locks are taken in one order, so that nothing deadlocks: the organization's calling row, jobs by id, contact, call.
 *
 * @throws HttpError 404 for a job that the viewer cannot see.
 */
export async function lockBatchJob(viewer: Viewer, batchJobId: string, db: Kysely<Database>) {
  const job = await visibleBatchJobs(viewer.scope, db)
    .where("id", "=", batchJobId)
    .select(["id", "status", "has_contacts", "retry_max_attempts", "retry_retryable_statuses"])
    // Unlike FOR UPDATE, it does not wait for transactions that insert contacts or calls.
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!job) throw jobNotFound;
  return job;
}

export type LockedBatchJob = Awaited<ReturnType<typeof lockBatchJob>>;
