import { sql } from "kysely";
import { brokenConstraint } from "@/db/failure";
import { database } from "../database";
import { newIdentifier } from "../identifier";
import { Refusal } from "../refusal";
import type { Role } from "../role";
import { newToken } from "../token";
import type { Viewer } from "../viewer";
import { invitationDays } from "./link";
import type { InvitationForm } from "./schema";

export interface Invitation {
  id: string;
  email: string;
  /** Of its link. It is stored nowhere: show it once. */
  token: string;
}

const end = sql<Date>`now() + make_interval(days => ${invitationDays})`;

/** Who may not make an owner may not invite one either. @throws Refusal 403. */
function mustInvite(viewer: Viewer, role: Role): void {
  viewer.mustManageMembers();
  if (role === "owner") viewer.mustManage();
}

/**
 * Invites somebody into the viewer's organization, whether they have an account or not: that is not told.
 *
 * @throws Refusal 403, and 409 for who is a member or invited already.
 */
export async function invite(viewer: Viewer, { email, role }: InvitationForm): Promise<Invitation> {
  mustInvite(viewer, role);
  const member = await database()
    .selectFrom("memberships")
    .innerJoin("users", "users.id", "memberships.user_id")
    .where("organization_id", "=", viewer.organizationId)
    .where("email", "=", email)
    .select("user_id")
    .executeTakeFirst();
  if (member) throw new Refusal(409, "already_member", `${email} is a member already`);
  const id = newIdentifier("invitation");
  const { token, hash } = newToken();
  try {
    await database()
      .insertInto("invitations")
      .values({
        id,
        organization_id: viewer.organizationId,
        email,
        role,
        token_hash: hash,
        invited_by_user_id: viewer.personId,
        expires_at: end,
      })
      .execute();
  } catch (error) {
    if (brokenConstraint(error) !== "invitations_email_unique") throw error;
    throw new Refusal(409, "already_invited", `${email} is invited already: make a new link instead`);
  }
  return { id, email, token };
}

/** One of the viewer's invitations, if they might have sent it. @throws Refusal 403, 404. */
async function findOwn(viewer: Viewer, id: string): Promise<{ email: string }> {
  viewer.mustManageMembers();
  const found = await database()
    .selectFrom("invitations")
    .where("organization_id", "=", viewer.organizationId)
    .where("id", "=", id)
    .select(["email", sql<Role>`role`.as("role")])
    .executeTakeFirst();
  if (!found) {
    throw new Refusal(404, "invitation_not_found", "That invitation was accepted or cancelled already");
  }
  // Whoever has its link can take the role that it gives.
  mustInvite(viewer, found.role);
  return found;
}

/**
 * Gives an invitation a new link, good for another seven days; the one before leads nowhere from now on.
 *
 * @throws Refusal 403, 404.
 */
export async function renewInvitation(viewer: Viewer, id: string): Promise<Invitation> {
  const { email } = await findOwn(viewer, id);
  const { token, hash } = newToken();
  await database()
    .updateTable("invitations")
    .set({ token_hash: hash, expires_at: end, invited_by_user_id: viewer.personId })
    .where("id", "=", id)
    .execute();
  return { id, email, token };
}

/** Takes an invitation back: its link leads nowhere from now on. @throws Refusal 403, 404. */
export async function cancelInvitation(viewer: Viewer, id: string): Promise<void> {
  await findOwn(viewer, id);
  await database().deleteFrom("invitations").where("id", "=", id).execute();
}
