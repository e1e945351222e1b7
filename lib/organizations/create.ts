import { violatedConstraint } from "@/db/failure";
import { Operator } from "../access/operator";
import { permissionError } from "../access/permissions";
import type { Person } from "../access/person";
import { consumeOrganizationLimit } from "../auth/daily-limits";
import { database } from "../database/database";
import { newIdentifier } from "../format/identifier";
import { HttpError } from "../http/http-error";
import type { NewOrganization } from "./schema";

/**
 * @param db a transaction, to do more in it.
 * @throws HttpError 409 when the id is taken.
 */
export async function createOrganization(
  operator: Operator,
  organization: NewOrganization,
  db = database(),
): Promise<void> {
  Operator.prove(operator);
  try {
    await db.insertInto("organizations").values(organization).execute();
  } catch (error) {
    if (violatedConstraint(error) !== "organizations_pkey") throw error;
    throw new HttpError(
      409,
      "organization_exists",
      `An organization with the ID ${organization.id} already exists`,
    );
  }
}

/** @throws HttpError 403 for a person who owns no organization yet. */
export function requireCreateOrganization(person: Person): void {
  if (!person.mayCreateOrganization) throw permissionError("createOrganization");
}

/**
 * Creates an organization and makes the person its owner. Its id is random, as the error for a chosen one would reveal
 * that another organization has it.
 *
 * @returns the new organization's id.
 * @throws HttpError 403 for a person who owns no organization yet, 429 with `Retry-After` above the daily limits.
 */
export async function createOrganizationAsOwner(person: Person, name: string): Promise<string> {
  requireCreateOrganization(person);
  await consumeOrganizationLimit(person.id);
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
