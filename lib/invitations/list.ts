import { sql } from "kysely";
import type { Role } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";

export interface InvitationSummary {
  id: string;
  email: string;
  role: Role;
  expiresAt: Date;
  isOver: boolean;
  /** Who invited; null for one who is no more. */
  inviter: string | null;
}

/**
 * Who is invited to the viewer's organization and has not come yet, by address.
 *
 * @param search part of the address, in upper or lower case; empty for all.
 * @param limit how many are listed at most.
 * @returns these, and how many are found in all.
 */
export async function listInvitations(
  viewer: Viewer,
  { search, limit }: { search: string; limit: number },
): Promise<{ invitations: InvitationSummary[]; total: number }> {
  viewer.require("manageMembers");
  const found = database()
    .selectFrom("invitations")
    .where("organization_id", "=", viewer.organizationId)
    .where(sql<boolean>`position(lower(${search}) in invitations.email) > 0`);
  const [invitations, count] = await Promise.all([
    found
      .leftJoin("users", "users.id", "invited_by_user_id")
      .select(["invitations.id", "invitations.email", "invitations.role"])
      .select(["expires_at as expiresAt", sql<boolean>`expires_at <= now()`.as("isOver")])
      .select(sql<string | null>`coalesce(users.name, users.email)`.as("inviter"))
      .orderBy("invitations.email")
      .limit(limit)
      .execute(),
    found.select(sql<number>`count(*)::int`.as("total")).executeTakeFirstOrThrow(),
  ]);
  return { invitations, total: count.total };
}
