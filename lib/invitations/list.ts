import { sql } from "kysely";
import { database } from "../database";
import type { Role } from "../role";
import type { Viewer } from "../viewer";

export interface InvitationSummary {
  id: string;
  email: string;
  role: Role;
  expiresAt: Date;
  isOver: boolean;
  /** Who invited; null for one who is no more. */
  inviter: string | null;
}

/** Who is invited to the viewer's organization and has not come yet, by address. */
export async function listInvitations(viewer: Viewer): Promise<InvitationSummary[]> {
  viewer.mustManageMembers();
  return database()
    .selectFrom("invitations")
    .leftJoin("users", "users.id", "invited_by_user_id")
    .where("organization_id", "=", viewer.organizationId)
    .select(["invitations.id", "invitations.email", sql<Role>`invitations.role`.as("role")])
    .select(["expires_at as expiresAt", sql<boolean>`expires_at <= now()`.as("isOver")])
    .select(sql<string | null>`coalesce(users.name, users.email)`.as("inviter"))
    .orderBy("invitations.email")
    .execute();
}
