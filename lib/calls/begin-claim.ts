import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import { runByViewer } from "../access/run-by-viewer";
import { type Viewer, viewerScope } from "../access/viewer";
import { database } from "../database/database";
import { noteDialer } from "./dialers";

/**
 * Begins a claim. It locks the organization's row of `organization_calling`, so that its claims run one at a time, notes that
 * the dialer has asked, and returns the call limit. It also sets `plan_cache_mode` for the rest of the transaction, whose
 * statements would otherwise be planned again for each claim, which takes longer than to run them.
 *
 * Locks are taken in one order, so that no two transactions wait for each other: the organization's calling row, the dialer's
 * row, jobs in the order of their ids, contact, call.
 *
 * @returns the most calls that the organization may have open.
 */
export async function beginClaim(viewer: Viewer, dialer: string, db: Kysely<Database>): Promise<number> {
  viewer.require("dial");
  const build = () =>
    sql<{ limit: number }>`
      with noted as (${noteDialer(viewerScope)})
      select concurrent_call_limit as limit, set_config('plan_cache_mode', 'force_generic_plan', true)
      from organization_calling
      where organization_id = ${viewerScope.organizationId} for update
    `.compile(database());
  const values = { dialer, apiKeyId: viewer.apiKeyId };
  const lock = () => runByViewer(viewer, "organization's calling row", build, values, db);
  const [found] = await lock();
  if (found) return found.limit;
  await db
    .insertInto("organization_calling")
    .values({ organization_id: viewer.organizationId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const [inserted] = await lock();
  if (!inserted) throw new Error("The row of organization_calling is missing");
  return inserted.limit;
}
