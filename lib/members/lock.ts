import { may, type Role, rolesWith } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { HttpError } from "../http/http-error";
import { type OrganizationLock, withOrganizationLock } from "../organizations/lock";

export const memberNotFound = new HttpError(404, "member_not_found", "Member not found");

const lastOwner = new HttpError(
  409,
  "last_owner",
  "An organization needs at least one owner: make someone else an owner first",
);

interface MemberLock extends OrganizationLock {
  memberRole: Role;
  /** @throws HttpError 409 when the member is the only owner. */
  requireAnotherOwner(): void;
}

/**
 * Changes a member under the organization's lock, so that of two owners who leave at the same time the second is
 * refused as the last one.
 *
 * @throws HttpError 404 when there is no such member, or the viewer is no longer a member.
 */
export function withMemberLock(
  viewer: Viewer,
  userId: string,
  change: (lock: MemberLock) => Promise<void>,
): Promise<void> {
  return withOrganizationLock(viewer, async ({ db, viewerRole }) => {
    const members = await db
      .selectFrom("memberships")
      .where("organization_id", "=", viewer.organizationId)
      .where((eb) => eb.or([eb("role", "in", rolesWith("manageOrganization")), eb("user_id", "=", userId)]))
      .select(["user_id", "role"])
      .execute();
    const memberRole = members.find(({ user_id }) => user_id === userId)?.role;
    if (memberRole === undefined) throw memberNotFound;
    const owners = members.filter(({ role }) => may(role, "manageOrganization")).length;
    const requireAnotherOwner = () => {
      if (may(memberRole, "manageOrganization") && owners === 1) throw lastOwner;
    };
    await change({ db, viewerRole, memberRole, requireAnotherOwner });
  });
}
