import type { Transaction } from "kysely";
import type { Database } from "@/db/schema";
import { requireManagedRole } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { memberNotFound, withMemberLock } from "./lock";

/** Also cancels the invitations that they sent. */
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
 * Removes a member, from their next request on, and signs them out everywhere. API keys that they created stay, as
 * keys belong to the organization.
 *
 * @throws HttpError 403 when an admin removes an owner, 404, 409 for the last owner.
 */
export async function removeMember(viewer: Viewer, userId: string): Promise<void> {
  viewer.require("manageMembers");
  await withMemberLock(viewer, userId, async ({ db, viewerRole, memberRole, requireAnotherOwner }) => {
    requireManagedRole(viewerRole, memberRole);
    requireAnotherOwner();
    await endMembership(db, viewer, userId);
    await db.deleteFrom("sessions").where("user_id", "=", userId).execute();
  });
}

/**
 * Ends the viewer's own membership; they stay signed in.
 *
 * @throws HttpError 404 when they are no longer a member, 409 for the last owner.
 */
export async function leaveOrganization(viewer: Viewer): Promise<void> {
  viewer.require("viewSettings");
  const { personId } = viewer;
  if (personId === null) throw memberNotFound;
  await withMemberLock(viewer, personId, async ({ db, requireAnotherOwner }) => {
    requireAnotherOwner();
    await endMembership(db, viewer, personId);
  });
}
