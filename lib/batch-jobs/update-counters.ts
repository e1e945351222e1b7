import { type RawBuilder, sql } from "kysely";
import type { OrganizationScope } from "../access/viewer";
import { parameter } from "../database/cached-statement";
import { clockSecond } from "../database/clock-time";

/**
 * Updates a job's counters in the statement that ends a contact of it. A running job completes with its last contact.
 *
 * The statement runs by runByViewer, with the parameters `batchJobId`, and `successful` and `failed`: by how much each
 * changes.
 *
 * @param locked the table of the statement that has a row if the job is locked.
 */
export function updateCounters(scope: OrganizationScope, locked: string): RawBuilder<unknown> {
  const [successful, failed] = ["successful", "failed"].map((name) => sql`${parameter(name)}::integer`);
  const isLast = sql`status = 'running' and contacts_processed + ${successful} + ${failed} = total_contacts`;
  return sql`
    update batch_jobs set
      contacts_processed = contacts_processed + ${successful} + ${failed},
      successful_calls = successful_calls + ${successful},
      failed_calls = failed_calls + ${failed},
      status = case when ${isLast} then 'completed' else status end,
      completed_at = case when ${isLast} then ${clockSecond} else completed_at end
    from ${sql.table(locked)}
    where organization_id = ${scope.organizationId} and id = ${parameter("batchJobId")}
      and (${successful} <> 0 or ${failed} <> 0)
  `;
}
