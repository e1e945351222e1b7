import { sql } from "kysely";
import type { Role } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";

export interface InvitationSummary {
  id: string;
  email: string;
  role: Role;
  expiresAt: Date;
  isExpired: boolean;
  /** null when the inviter was deleted. */
  inviter: string | null;
}

/**
 * The organization's open invitations by email address, and how many match in all.
 *
 * @param search part of the address, in any case; empty for all.
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
      .select(["expires_at as expiresAt", sql<boolean>`expires_at <= now()`.as("isExpired")])
      .select(sql<string | null>`coalesce(users.name, users.email)`.as("inviter"))
      .orderBy("invitations.email")
      .limit(limit)
      .execute(),
    found.select(sql<number>`count(*)::int`.as("total")).executeTakeFirstOrThrow(),
  ]);
  return { invitations, total: count.total };
}
