import { may, mayManageRole, type Role, requireManagedRole, roles } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { withMemberLock } from "./lock";

/**
 * Gives a member another role, from their next request on. What they may not give any more, their open invitations do
 * not give either.
 *
 * @throws HttpError 403 for an admin where an owner is or would be, 404, 409 for the last owner.
 */
export async function changeRole(viewer: Viewer, userId: string, role: Role): Promise<void> {
  viewer.require("manageMembers");
  await withMemberLock(viewer, userId, async ({ db, actor, target, mustNotBeLastOwner }) => {
    requireManagedRole(actor, target);
    requireManagedRole(actor, role);
    if (!may(role, "manageOrganization")) mustNotBeLastOwner();
    await db
      .updateTable("memberships")
      .set({ role })
      .where("organization_id", "=", viewer.organizationId)
      .where("user_id", "=", userId)
      .execute();
    const beyondThem = roles.filter((one) => !mayManageRole(role, one));
    if (beyondThem.length === 0) return;
    await db
      .deleteFrom("invitations")
      .where("organization_id", "=", viewer.organizationId)
      .where("invited_by_user_id", "=", userId)
      .where("role", "in", beyondThem)
      .execute();
  });
}
