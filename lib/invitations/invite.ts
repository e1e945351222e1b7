import { sql } from "kysely";
import { requireManagedRole } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { environment } from "../environment";
import { newIdentifier } from "../format/identifier";
import { HttpError } from "../http/http-error";
import { type OrganizationLock, withOrganizationLock } from "../organizations/lock";
import { newToken } from "../sessions/token";
import type { InvitationForm } from "./schema";

export interface Invitation {
  id: string;
  email: string;
  /** Of its link. Not stored: show it once. */
  token: string;
}

export const invitationDays = 7;

export function invitationPath(token: string): string {
  return `/join?token=${token}`;
}

export function invitationLink(token: string): string {
  return `${environment().NEXTAUTH_URL}${invitationPath(token)}`;
}

const expiresAt = sql<Date>`now() + make_interval(days => ${invitationDays})`;

const invitationNotFound = new HttpError(
  404,
  "invitation_not_found",
  "That invitation was already accepted or cancelled",
);

/**
 * Invites someone to the viewer's organization, whether they have an account or not. Replaces an expired invitation.
 *
 * @throws HttpError 403, 409 for a member or an open invitation.
 */
export async function invite(viewer: Viewer, { email, role }: InvitationForm): Promise<Invitation> {
  viewer.require("manageMembers");
  return withOrganizationLock(viewer, async ({ db, viewerRole }) => {
    requireManagedRole(viewerRole, role);
    const member = await db
      .selectFrom("memberships")
      .innerJoin("users", "users.id", "memberships.user_id")
      .where("organization_id", "=", viewer.organizationId)
      .where("email", "=", email)
      .select("user_id")
      .executeTakeFirst();
    if (member) throw new HttpError(409, "already_member", `${email} is already a member`);
    const { token, hash } = newToken();
    const values = { role, token_hash: hash, invited_by_user_id: viewer.personId, expires_at: expiresAt };
    const created = await db
      .insertInto("invitations")
      .values({
        ...values,
        id: newIdentifier("invitation"),
        organization_id: viewer.organizationId,
        email,
      })
      .onConflict((conflict) =>
        conflict
          .columns(["organization_id", "email"])
          .doUpdateSet(values)
          .where("invitations.expires_at", "<=", sql<Date>`now()`),
      )
      .returning("id")
      .executeTakeFirst();
    if (!created) {
      throw new HttpError(
        409,
        "already_invited",
        `${email} has already been invited: create a new link instead`,
      );
    }
    return { id: created.id, email, token };
  });
}

/** Changes an open invitation that the viewer could send themselves. @throws HttpError 403, 404. */
function withInvitation<T>(
  viewer: Viewer,
  id: string,
  change: (db: OrganizationLock["db"], invitation: { email: string }) => Promise<T>,
): Promise<T> {
  viewer.require("manageMembers");
  return withOrganizationLock(viewer, async ({ db, viewerRole }) => {
    const found = await db
      .selectFrom("invitations")
      .where("organization_id", "=", viewer.organizationId)
      .where("id", "=", id)
      .select(["email", "role"])
      // It may be accepted at the same time.
      .forUpdate()
      .executeTakeFirst();
    if (!found) throw invitationNotFound;
    requireManagedRole(viewerRole, found.role);
    return change(db, found);
  });
}

/**
 * Creates a new link for an invitation, valid for another `invitationDays`; the old link stops working.
 *
 * @throws HttpError 403, 404.
 */
export async function renewInvitation(viewer: Viewer, id: string): Promise<Invitation> {
  return withInvitation(viewer, id, async (db, { email }) => {
    const { token, hash } = newToken();
    await db
      .updateTable("invitations")
      .set({ token_hash: hash, expires_at: expiresAt, invited_by_user_id: viewer.personId })
      .where("organization_id", "=", viewer.organizationId)
      .where("id", "=", id)
      .execute();
    return { id, email, token };
  });
}

/** @throws HttpError 403, 404. */
export async function cancelInvitation(viewer: Viewer, id: string): Promise<void> {
  await withInvitation(viewer, id, (db) =>
    db
      .deleteFrom("invitations")
      .where("organization_id", "=", viewer.organizationId)
      .where("id", "=", id)
      .execute(),
  );
}
