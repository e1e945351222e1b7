import { may, mayManageRole, type Role, requireManagedRole, roles } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { withMemberLock } from "./lock";

/**
 * Changes a member's role, from their next request on. Cancels their invitations to roles that they can no longer give.
 *
 * @throws HttpError 403 when an admin changes an owner or makes one, 404, 409 for the last owner.
 */
export async function changeRole(viewer: Viewer, userId: string, role: Role): Promise<void> {
  viewer.require("manageMembers");
  await withMemberLock(viewer, userId, async ({ db, viewerRole, memberRole, requireAnotherOwner }) => {
    requireManagedRole(viewerRole, memberRole);
    requireManagedRole(viewerRole, role);
    if (!may(role, "manageOrganization")) requireAnotherOwner();
    await db
      .updateTable("memberships")
      .set({ role })
      .where("organization_id", "=", viewer.organizationId)
      .where("user_id", "=", userId)
      .execute();
    const unmanagedRoles = roles.filter((one) => !mayManageRole(role, one));
    if (unmanagedRoles.length === 0) return;
    await db
      .deleteFrom("invitations")
      .where("organization_id", "=", viewer.organizationId)
      .where("invited_by_user_id", "=", userId)
      .where("role", "in", unmanagedRoles)
      .execute();
  });
}
