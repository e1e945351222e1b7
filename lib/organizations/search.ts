import { sql } from "kysely";
import type { Membership, Person } from "../access/person";
import { database } from "../database/database";

/**
 * One page of a person's organizations by name, and how many match in all.
 *
 * @param search part of a name or an id, in any case; empty for all.
 */
export async function searchOrganizations(
  person: Person,
  { search, page, pageSize }: { search: string; page: number; pageSize: number },
): Promise<{ memberships: Membership[]; total: number }> {
  const found = database()
    .selectFrom("memberships")
    .innerJoin("organizations", "organizations.id", "memberships.organization_id")
    .where("memberships.user_id", "=", person.id)
    .where(
      sql<boolean>`position(lower(${search}) in lower(organizations.name || ' ' || organizations.id)) > 0`,
    );
  const [memberships, count] = await Promise.all([
    found
      .select([
        "organization_id as organizationId",
        "organizations.name as organizationName",
        "memberships.role",
      ])
      .orderBy("organizations.name")
      .orderBy("organizations.id")
      .limit(pageSize)
      .offset((page - 1) * pageSize)
      .execute(),
    found.select(sql<number>`count(*)::int`.as("total")).executeTakeFirstOrThrow(),
  ]);
  return { memberships, total: count.total };
}
