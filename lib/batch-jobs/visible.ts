import { type Expression, type RawBuilder, type SelectQueryBuilder, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Scope } from "../access/viewer";
import { database } from "../database/database";
import { type HealthProblem, overdueAfterMs, stalledAfterMs } from "./health";
import type { BatchJobStatus } from "./status";

type Jobs<O = object> = SelectQueryBuilder<Database, "batch_jobs", O>;

/**
 * The jobs that a viewer may see. No other function reads from the table.
 *
 * @param db a transaction, to read inside it.
 */
export function visibleBatchJobs(scope: Scope, db = database()) {
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

const ago = (ms: number) => sql<Date>`now() - make_interval(secs => ${ms / 1_000})`;

/** For running jobs. */
export const isStalled = sql<boolean>`greatest(updated_at, actual_start_time) <= ${ago(stalledAfterMs)}`;

/** When a running job that is on track will end, as healthOf in health.ts defines it; else null. */
export const estimatedEnd = sql<Date | null>`
  case
    when status = 'running' and contacts_processed > 0 and now() > actual_start_time and not (${isStalled})
      and (now() - actual_start_time) / contacts_processed <= make_interval(secs => ${stalledAfterMs / 1_000})
    then least(
      now() + (now() - actual_start_time) / contacts_processed * (total_contacts - contacts_processed),
      timestamptz '9999-12-31 23:59:59Z'
    )
  end
`;

/** The jobs with a health problem, as healthOf in health.ts defines it. */
export function withHealthProblem<O>(jobs: Jobs<O>, problem: HealthProblem): Jobs<O> {
  return problem === "overdue"
    ? jobs.where(hasNotStarted).where("scheduled_start_time", "<=", ago(overdueAfterMs))
    : jobs.where("status", "=", "running").where(isStalled);
}
