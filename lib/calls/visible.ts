import type { Scope } from "../access/viewer";
import { database } from "../database/database";

/**
 * The calls that a viewer may see. No other function reads from the table.
 *
 * @param db a transaction, to read inside it.
 */
export function visibleCalls(scope: Scope, db = database()) {
  return db.selectFrom("batch_calls").where("batch_calls.organization_id", "=", scope.organizationId);
}

/** The same, each with its job as `job`. */
export function visibleCallsWithJob(scope: Scope) {
  return visibleCalls(scope).innerJoin("batch_jobs as job", (join) =>
    join
      .onRef("job.organization_id", "=", "batch_calls.organization_id")
      .onRef("job.id", "=", "batch_calls.batch_job_id"),
  );
}
