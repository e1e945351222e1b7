import { sql } from "kysely";
import { type Role, roles } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { type PageWithTotal, pageWithTotal } from "../database/page-with-total";

export interface Member {
  userId: string;
  email: string;
  name: string | null;
  role: Role;
  joinedAt: Date;
}

/**
 * One page of the organization's members by role, then name, and how many match in all.
 *
 * @param search part of a name or email address, in any case; empty for all.
 */
export async function listMembers(
  viewer: Viewer,
  { search, page, pageSize }: { search: string; page: number; pageSize: number },
): Promise<PageWithTotal<Member>> {
  viewer.require("viewSettings");
  const members = database()
    .selectFrom("memberships")
    .innerJoin("users", "users.id", "memberships.user_id")
    .where("organization_id", "=", viewer.organizationId)
    .where(sql<boolean>`position(lower(${search}) in lower(concat_ws(' ', users.name, users.email))) > 0`)
    .select(["users.id as userId", "email", "name", "memberships.created_at as joinedAt", "memberships.role"])
    .orderBy(sql`array_position(${sql.val(roles)}::text[], memberships.role)`)
    .orderBy(sql`lower(coalesce(name, email))`)
    .orderBy("users.id");
  return pageWithTotal(members, { page, pageSize });
}
