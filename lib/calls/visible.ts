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
