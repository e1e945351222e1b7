import { sql } from "kysely";
import { inTurn, type Turn } from "../in-turn";
import type { Viewer } from "../viewer";
import { may, type Role, rolesWith } from "../viewer-kinds";
import { lastOwner, memberNotFound } from "./refusals";

interface Standing extends Turn {
  /** The role of whom it is about, now. */
  target: Role;
  /** @throws Refusal 409 when it is about the only owner. */
  mustNotBeLastOwner(): void;
}

/**
 * Does something about a member in turn: of two owners who leave at once, the second finds that they are the last one.
 *
 * @throws Refusal 404 when there is no such member, or the viewer is none any more.
 */
export function aboutMember(
  viewer: Viewer,
  userId: string,
  act: (standing: Standing) => Promise<void>,
): Promise<void> {
  return inTurn(viewer, async ({ db, actor }) => {
    const members = await db
      .selectFrom("memberships")
      .where("organization_id", "=", viewer.organizationId)
      .where((eb) => eb.or([eb("role", "in", rolesWith("manageOrganization")), eb("user_id", "=", userId)]))
      .select(["user_id", sql<Role>`role`.as("role")])
      .execute();
    const target = members.find(({ user_id }) => user_id === userId)?.role;
    if (target === undefined) throw memberNotFound;
    const owners = members.filter(({ role }) => may(role, "manageOrganization")).length;
    const mustNotBeLastOwner = () => {
      if (may(target, "manageOrganization") && owners === 1) throw lastOwner;
    };
    await act({ db, actor, target, mustNotBeLastOwner });
  });
}
