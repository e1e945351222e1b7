import type { Transaction } from "kysely";
import type { Database } from "@/db/schema";
import { requireManagedRole } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { memberNotFound } from "./errors";
import { withMemberLock } from "./lock";

/** Their invitations go with them: whoever was let in by them later would be let in by nobody. */
async function endMembership(db: Transaction<Database>, viewer: Viewer, userId: string): Promise<void> {
  await db
    .deleteFrom("invitations")
    .where("organization_id", "=", viewer.organizationId)
    .where("invited_by_user_id", "=", userId)
    .execute();
  await db
    .deleteFrom("memberships")
    .where("organization_id", "=", viewer.organizationId)
    .where("user_id", "=", userId)
    .execute();
}

/**
 * Removes a member, from their next request on, and signs them out everywhere. Keys that they made live on, as keys
 * belong to the organization.
 *
 * @throws HttpError 403 for an admin where an owner is, 404, 409 for the last owner.
 */
export async function removeMember(viewer: Viewer, userId: string): Promise<void> {
  viewer.require("manageMembers");
  await withMemberLock(viewer, userId, async ({ db, actor, target, mustNotBeLastOwner }) => {
    requireManagedRole(actor, target);
    mustNotBeLastOwner();
    await endMembership(db, viewer, userId);
    await db.deleteFrom("sessions").where("user_id", "=", userId).execute();
  });
}

/**
 * Ends the viewer's own membership; they stay signed in.
 *
 * @throws HttpError 404 when there is none any more, 409 for the last owner.
 */
export async function leaveOrganization(viewer: Viewer): Promise<void> {
  viewer.require("viewSettings");
  const { personId } = viewer;
  if (personId === null) throw memberNotFound;
  await withMemberLock(viewer, personId, async ({ db, mustNotBeLastOwner }) => {
    mustNotBeLastOwner();
    await endMembership(db, viewer, personId);
  });
}
