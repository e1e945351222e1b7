import { sql } from "kysely";
import { type Role, roles } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";

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
): Promise<{ members: Member[]; total: number }> {
  viewer.require("viewSettings");
  const found = database()
    .selectFrom("memberships")
    .innerJoin("users", "users.id", "memberships.user_id")
    .where("organization_id", "=", viewer.organizationId)
    .where(sql<boolean>`position(lower(${search}) in lower(concat_ws(' ', users.name, users.email))) > 0`);
  const [members, count] = await Promise.all([
    found
      .select([
        "users.id as userId",
        "email",
        "name",
        "memberships.created_at as joinedAt",
        "memberships.role",
      ])
      .orderBy(sql`array_position(${sql.val(roles)}::text[], memberships.role)`)
      .orderBy(sql`lower(coalesce(name, email))`)
      .orderBy("users.id")
      .limit(pageSize)
      .offset((page - 1) * pageSize)
      .execute(),
    found.select(sql<number>`count(*)::int`.as("total")).executeTakeFirstOrThrow(),
  ]);
  return { members, total: count.total };
}
