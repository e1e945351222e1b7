import { type Expression, type RawBuilder, type SelectQueryBuilder, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { OrganizationScope } from "../access/viewer";
import { database } from "../database/database";
import type { BatchJobStatus } from "./status";

type Jobs<O = object> = SelectQueryBuilder<Database, "batch_jobs", O>;

/**
 * The jobs that a viewer may see. No other function reads from the table.
 *
 * @param db a transaction, to read inside it.
 */
export function visibleBatchJobs(scope: OrganizationScope, db = database()) {
  return db.selectFrom("batch_jobs").where("organization_id", "=", scope.organizationId);
}

/** A status, or the parameter of a cached statement that one is given for. */
export type StatusOrParameter = BatchJobStatus | Expression<BatchJobStatus>;

/** @param statuses empty for any. */
export function withStatus<O>(jobs: Jobs<O>, statuses: readonly StatusOrParameter[]) {
  const [only, ...others] = statuses;
  if (only === undefined) return jobs;
  // With "=" instead of "in", the index returns the rows in order.
  return others.length === 0 ? jobs.where("status", "=", only) : jobs.where("status", "in", statuses);
}

/** The list's order. @param table the table's name or alias. */
export function newestFirst(table: string): RawBuilder<unknown> {
  return sql`${sql.ref(`${table}.created_at`)} desc, ${sql.ref(`${table}.id`)} desc`;
}

/** The predicate of the index batch_jobs_waiting. */
export const hasNotStarted = sql<boolean>`status in ('pending', 'scheduled')`;
