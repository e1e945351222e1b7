import { sql } from "kysely";
import { requireManagedRole } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { newIdentifier } from "../format/identifier";
import { HttpError } from "../http/http-error";
import { type OrganizationLock, withOrganizationLock } from "../organizations/lock";
import { newToken } from "../sessions/token";
import { invitationDays } from "./link";
import type { InvitationForm } from "./schema";

export interface Invitation {
  id: string;
  email: string;
  /** Of its link. It is stored nowhere: show it once. */
  token: string;
}

const end = sql<Date>`now() + make_interval(days => ${invitationDays})`;

const invitationNotFound = new HttpError(
  404,
  "invitation_not_found",
  "That invitation was already accepted or cancelled",
);

/**
 * Invites somebody into the viewer's organization, whether they have an account or not. One whose invitation has
 * expired is invited anew.
 *
 * @throws HttpError 403, and 409 for who is a member or invited already.
 */
export async function invite(viewer: Viewer, { email, role }: InvitationForm): Promise<Invitation> {
  viewer.require("manageMembers");
  return withOrganizationLock(viewer, async ({ db, actor }) => {
    requireManagedRole(actor, role);
    const member = await db
      .selectFrom("memberships")
      .innerJoin("users", "users.id", "memberships.user_id")
      .where("organization_id", "=", viewer.organizationId)
      .where("email", "=", email)
      .select("user_id")
      .executeTakeFirst();
    if (member) throw new HttpError(409, "already_member", `${email} is already a member`);
    const { token, hash } = newToken();
    const given = { role, token_hash: hash, invited_by_user_id: viewer.personId, expires_at: end };
    const made = await db
      .insertInto("invitations")
      .values({
        ...given,
        id: newIdentifier("invitation"),
        organization_id: viewer.organizationId,
        email,
      })
      .onConflict((conflict) =>
        conflict
          .columns(["organization_id", "email"])
          .doUpdateSet(given)
          .where("invitations.expires_at", "<=", sql<Date>`now()`),
      )
      .returning("id")
      .executeTakeFirst();
    if (!made) {
      throw new HttpError(
        409,
        "already_invited",
        `${email} has already been invited: create a new link instead`,
      );
    }
    return { id: made.id, email, token };
  });
}

/** Does something about one of the organization's invitations, if the viewer might send it. @throws HttpError 403, 404. */
function aboutInvitation<T>(
  viewer: Viewer,
  id: string,
  act: (db: OrganizationLock["db"], invitation: { email: string }) => Promise<T>,
): Promise<T> {
  viewer.require("manageMembers");
  return withOrganizationLock(viewer, async ({ db, actor }) => {
    const found = await db
      .selectFrom("invitations")
      .where("organization_id", "=", viewer.organizationId)
      .where("id", "=", id)
      .select(["email", "role"])
      // Whoever accepts it waits, or was first.
      .forUpdate()
      .executeTakeFirst();
    if (!found) throw invitationNotFound;
    // Whoever has its link can take the role that it gives.
    requireManagedRole(actor, found.role);
    return act(db, found);
  });
}

/**
 * Gives an invitation a new link, good for another seven days; the one before leads nowhere from now on.
 *
 * @throws HttpError 403, 404.
 */
export async function renewInvitation(viewer: Viewer, id: string): Promise<Invitation> {
  return aboutInvitation(viewer, id, async (db, { email }) => {
    const { token, hash } = newToken();
    await db
      .updateTable("invitations")
      .set({ token_hash: hash, expires_at: end, invited_by_user_id: viewer.personId })
      .where("organization_id", "=", viewer.organizationId)
      .where("id", "=", id)
      .execute();
    return { id, email, token };
  });
}

/** Takes an invitation back: its link leads nowhere from now on. @throws HttpError 403, 404. */
export async function cancelInvitation(viewer: Viewer, id: string): Promise<void> {
  await aboutInvitation(viewer, id, (db) =>
    db
      .deleteFrom("invitations")
      .where("organization_id", "=", viewer.organizationId)
      .where("id", "=", id)
      .execute(),
  );
}
