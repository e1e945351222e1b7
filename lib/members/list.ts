import { sql } from "kysely";
import { database } from "../database";
import type { Role } from "../role";
import type { Viewer } from "../viewer";

export interface Member {
  userId: string;
  email: string;
  name: string | null;
  role: Role;
  joinedAt: Date;
}

/** The people of the viewer's organization, for its people: owners, admins, members, each by name. */
export async function listMembers(viewer: Viewer): Promise<Member[]> {
  viewer.mustBelong();
  return database()
    .selectFrom("memberships")
    .innerJoin("users", "users.id", "memberships.user_id")
    .where("organization_id", "=", viewer.organizationId)
    .select(["users.id as userId", "email", "name", "memberships.created_at as joinedAt"])
    .select(sql<Role>`memberships.role`.as("role"))
    .orderBy(sql`array_position(array['owner', 'admin', 'member'], memberships.role)`)
    .orderBy(sql`lower(coalesce(name, email))`)
    .orderBy("users.id")
    .execute();
}
