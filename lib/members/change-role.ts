import { mayDecideOn, mustDecideOn, type Role, roles } from "../role";
import type { Viewer } from "../viewer";
import { aboutMember } from "./standing";

/**
 * Gives a member another role, from their next request on. What they may not give any more, their open invitations do
 * not give either.
 *
 * @throws Refusal 403 for an admin where an owner is or would be, 404, 409 for the last owner.
 */
export async function changeRole(viewer: Viewer, userId: string, role: Role): Promise<void> {
  viewer.mustManageMembers();
  await aboutMember(viewer, userId, async ({ db, actor, target, mustNotBeLastOwner }) => {
    mustDecideOn(actor, target);
    mustDecideOn(actor, role);
    if (role !== "owner") mustNotBeLastOwner();
    await db
      .updateTable("memberships")
      .set({ role })
      .where("organization_id", "=", viewer.organizationId)
      .where("user_id", "=", userId)
      .execute();
    const beyondThem = roles.filter((one) => !mayDecideOn(role, one));
    if (beyondThem.length === 0) return;
    await db
      .deleteFrom("invitations")
      .where("organization_id", "=", viewer.organizationId)
      .where("invited_by_user_id", "=", userId)
      .where("role", "in", beyondThem)
      .execute();
  });
}
