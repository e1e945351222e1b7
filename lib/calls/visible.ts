import type { Expression } from "kysely";
import type { OrganizationScope } from "../access/viewer";
import { database } from "../database/database";

/**
 * The calls that a viewer may see. No other function reads from the table.
 *
 * @param db a transaction, to read inside it.
 */
export function visibleCalls(scope: OrganizationScope, db = database()) {
  return db.selectFrom("batch_calls").where("batch_calls.organization_id", "=", scope.organizationId);
}

/** The calls that a viewer may see and that have not ended. */
export const openCalls = (scope: OrganizationScope) => visibleCalls(scope).where("ended_at", "is", null);

/**
 * The calls of one job that may be seen, joined with it as `job`.
 *
 * @param batchJobId the job of the only call that is asked for: by its key, as in update.ts.
 */
export function visibleCallsWithJob(scope: OrganizationScope, batchJobId: Expression<string>) {
  return visibleCalls(scope).innerJoin("batch_jobs as job", (join) =>
    join.on("job.organization_id", "=", scope.organizationId).on("job.id", "=", batchJobId),
  );
}
