import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import { runByViewer } from "../access/run-by-viewer";
import { type Viewer, viewerScope } from "../access/viewer";
import { database } from "../database/database";
import { noteDialer } from "./dialers";

/**
 * Lets the organization's claims run one at a time, until the end of the transaction, and notes that this dialer has asked.
 * The rest of the transaction is not planned again for each claim, which would take longer than to run it.
 *
 * Locks are taken in one order, so that no two transactions wait for each other: the organization's calling row, the dialer's
 * row, jobs in the order of their ids, contact, call.
 *
 * @returns the most calls that the organization may have open.
 */
export async function lockOrganizationCalling(
  viewer: Viewer,
  dialer: string,
  db: Kysely<Database>,
): Promise<number> {
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
  if (!inserted) throw new Error("There is no calling row");
  return inserted.limit;
}
