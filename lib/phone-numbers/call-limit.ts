import type { Viewer } from "../access/viewer";
import { database } from "../database/database";

/** The default of the table organization_calling, which has a row only after a change or a call. */
const defaultCallLimit = 5;

/** How many calls the viewer's organization can have at once. */
export async function findCallLimit(viewer: Viewer): Promise<number> {
  viewer.require("viewSettings");
  const found = await database()
    .selectFrom("organization_calling")
    .where("organization_id", "=", viewer.organizationId)
    .select("concurrent_call_limit")
    .executeTakeFirst();
  return found?.concurrent_call_limit ?? defaultCallLimit;
}

/** Takes effect with the next claim of calls; calls that are open already go on. */
export async function setCallLimit(viewer: Viewer, limit: number): Promise<void> {
  viewer.require("managePhoneNumbers");
  await database()
    .insertInto("organization_calling")
    .values({ organization_id: viewer.organizationId, concurrent_call_limit: limit })
    .onConflict((conflict) =>
      conflict.column("organization_id").doUpdateSet({ concurrent_call_limit: limit }),
    )
    .execute();
}
