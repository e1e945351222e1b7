import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { visibleContacts } from "./visible";

/** How many contacts of a job wait for their first call. */
export async function countPendingContacts(
  viewer: Viewer,
  batchJobId: string,
  db: Kysely<Database>,
): Promise<number> {
  viewer.require("manageBatchJobs");
  const { pending } = await visibleContacts(viewer.scope, sql.val(batchJobId), db)
    .where("status", "=", "pending")
    .select(sql<number>`count(*)::int`.as("pending"))
    .executeTakeFirstOrThrow();
  return pending;
}
