import { may, type Role, rolesWith } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { type OrganizationLock, withOrganizationLock } from "../organizations/lock";
import { lastOwner, memberNotFound } from "./errors";

interface MemberLock extends OrganizationLock {
  /** The role of whom it is about, now. */
  target: Role;
  /** @throws HttpError 409 when it is about the only owner. */
  mustNotBeLastOwner(): void;
}

/**
 * Does something about a member in turn: of two owners who leave at once, the second finds that they are the last one.
 *
 * @throws HttpError 404 when there is no such member, or the viewer is none any more.
 */
export function withMemberLock(
  viewer: Viewer,
  userId: string,
  act: (lock: MemberLock) => Promise<void>,
): Promise<void> {
  return withOrganizationLock(viewer, async ({ db, actor }) => {
    const members = await db
      .selectFrom("memberships")
      .where("organization_id", "=", viewer.organizationId)
      .where((eb) => eb.or([eb("role", "in", rolesWith("manageOrganization")), eb("user_id", "=", userId)]))
      .select(["user_id", "role"])
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
