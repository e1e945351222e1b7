import type { Role } from "../role";
import type { Viewer } from "../viewer";
import { inTurn } from "./in-turn";
import { mustDecideOn } from "./rules";

/**
 * Gives a member another role, from their next request on.
 *
 * @throws Refusal 403 for an admin where an owner is or would be, 404, 409 for the last owner.
 */
export async function changeRole(viewer: Viewer, userId: string, role: Role): Promise<void> {
  viewer.mustManageMembers();
  await inTurn(viewer, userId, async ({ db, actor, target, mustNotBeLastOwner }) => {
    mustDecideOn(actor, target);
    mustDecideOn(actor, role);
    if (role !== "owner") mustNotBeLastOwner();
    await db
      .updateTable("memberships")
      .set({ role })
      .where("organization_id", "=", viewer.organizationId)
      .where("user_id", "=", userId)
      .execute();
  });
}
