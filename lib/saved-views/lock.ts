import type { Transaction } from "kysely";
import type { Database } from "@/db/schema";
import { organizationNotFound } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { inTransaction } from "../database/in-transaction";
import { HttpError } from "../http/http-error";

export const savedViewNotFound = new HttpError(404, "saved_view_not_found", "View not found");

/**
 * Changes a person's views, one change after the other, so that neither their number nor their default depends on which
 * one comes first.
 *
 * @throws HttpError 403 without a person, 404 when they are no longer a member.
 */
export async function withSavedViewLock(
  viewer: Viewer,
  change: (db: Transaction<Database>, owner: { organization_id: string; user_id: string }) => Promise<void>,
): Promise<void> {
  viewer.require("viewSettings");
  const { organizationId, personId } = viewer;
  if (personId === null) throw organizationNotFound;
  const owner = { organization_id: organizationId, user_id: personId };
  await inTransaction(async (db) => {
    const membership = await db
      .selectFrom("memberships")
      .select("user_id")
      .where("organization_id", "=", organizationId)
      .where("user_id", "=", personId)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (!membership) throw organizationNotFound;
    await change(db, owner);
  });
}

/** Makes place for another default. */
export async function clearDefault(viewer: Viewer, db: Transaction<Database>): Promise<void> {
  viewer.require("viewSettings");
  await db
    .updateTable("saved_views")
    .set({ is_default: false })
    .where("organization_id", "=", viewer.organizationId)
    .where("user_id", "=", viewer.personId)
    .where("is_default", "=", true)
    .execute();
}
