import { refusalOf } from "../access/permissions";
import type { Person } from "../access/person";
import { countOrganization } from "../auth/daily-limits";
import { database } from "../database/database";
import { newIdentifier } from "../format/identifier";

/** Who owns an organization here may make another; whoever was only let into one may not. */
export function mayCreateOrganization(person: Person): boolean {
  return person.mayCreateOrganization;
}

/** @throws HttpError 403 for who owns none yet. */
export function mustCreateOrganization(person: Person): void {
  if (!mayCreateOrganization(person)) throw refusalOf("createOrganization");
}

/**
 * Makes an organization that the person owns, in one statement. Its id is made up: an id of one's own choice would
 * tell whether another organization has it. An operator may choose one at the command line.
 *
 * @returns the new organization's id.
 * @throws HttpError 403 for who owns none yet, 429 with `Retry-After` for the daily limits.
 */
export async function createOrganizationAsOwner(person: Person, name: string): Promise<string> {
  mustCreateOrganization(person);
  await countOrganization(person.id);
  const id = newIdentifier("org");
  await database()
    .with("organization", (db) => db.insertInto("organizations").values({ id, name }).returning("id"))
    .insertInto("memberships")
    .columns(["organization_id", "user_id", "role"])
    .expression((db) =>
      db
        .selectFrom("organization")
        .select(({ val }) => ["id", val(person.id).as("user_id"), val("owner").as("role")]),
    )
    .execute();
  return id;
}
