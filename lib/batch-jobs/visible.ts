import { type RawBuilder, type SelectQueryBuilder, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Scope } from "../access/viewer";
import { database } from "../database/database";
import type { BatchJobStatus } from "./status";

/**
 * Where every query of batch jobs starts: the rows this viewer may see. No other function names the
 * table for reading.
 *
 * @param db a transaction, to read inside of it.
 */
export function visibleBatchJobs(scope: Scope, db = database()) {
  return db.selectFrom("batch_jobs").where("organization_id", "=", scope.organizationId);
}

/** Those of the jobs that have one of the statuses; none named means any. */
export function withStatus<O>(
  jobs: SelectQueryBuilder<Database, "batch_jobs", O>,
  statuses: BatchJobStatus[],
) {
  const [only, ...others] = statuses;
  if (only === undefined) return jobs;
  // "=" and not "in" for the one status: its index then gives the rows in order.
  return others.length === 0 ? jobs.where("status", "=", only) : jobs.where("status", "in", statuses);
}

/** What the list is ordered by, both descending. Together unique, so that a walk over the pages sees each row once. */
export const orderColumns = ["created_at", "id"] as const;

/** The order of the list, newest first, for an `order by`. */
export function newestFirst(table = "batch_jobs"): RawBuilder<unknown> {
  return sql.join(orderColumns.map((column) => sql`${sql.ref(`${table}.${column}`)} desc`));
}
