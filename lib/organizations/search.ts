import { sql } from "kysely";
import type { Membership, Person } from "../access/person";
import { database } from "../database/database";
import { type PageWithTotal, pageWithTotal } from "../database/page-with-total";

/**
 * One page of a person's organizations by name, and how many match in all.
 *
 * @param search part of a name or an id, in any case; empty for all.
 */
export async function searchOrganizations(
  person: Person,
  { search, page, pageSize }: { search: string; page: number; pageSize: number },
): Promise<PageWithTotal<Membership>> {
  const memberships = database()
    .selectFrom("memberships")
    .innerJoin("organizations", "organizations.id", "memberships.organization_id")
    .where("memberships.user_id", "=", person.id)
    .where(
      sql<boolean>`position(lower(${search}) in lower(organizations.name || ' ' || organizations.id)) > 0`,
    )
    .select([
      "organization_id as organizationId",
      "organizations.name as organizationName",
      "memberships.role",
    ])
    .orderBy("organizations.name")
    .orderBy("organizations.id");
  return pageWithTotal(memberships, { page, pageSize });
}
