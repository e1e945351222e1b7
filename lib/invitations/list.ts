import { sql } from "kysely";
import type { Role } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { type PageWithTotal, pageWithTotal } from "../database/page-with-total";

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
 * The organization's open invitations by email address: the first ones, and how many match in all.
 *
 * @param search part of the address, in any case; empty for all.
 */
export async function listInvitations(
  viewer: Viewer,
  { search, limit }: { search: string; limit: number },
): Promise<PageWithTotal<InvitationSummary>> {
  viewer.require("manageMembers");
  const invitations = database()
    .selectFrom("invitations")
    .leftJoin("users", "users.id", "invited_by_user_id")
    .where("organization_id", "=", viewer.organizationId)
    .where(sql<boolean>`position(lower(${search}) in invitations.email) > 0`)
    .select(["invitations.id", "invitations.email", "invitations.role"])
    .select(["expires_at as expiresAt", sql<boolean>`expires_at <= now()`.as("isExpired")])
    .select(sql<string | null>`coalesce(users.name, users.email)`.as("inviter"))
    .orderBy("invitations.email");
  return pageWithTotal(invitations, { page: 1, pageSize: limit });
}
