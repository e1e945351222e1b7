import { brokenConstraint } from "@/db/failure";
import { database } from "../database";
import { Operator } from "../operator";
import { Refusal } from "../refusal";
import type { NewOrganization } from "./schema";

/**
 * @param db a transaction, to do more in it.
 * @throws Refusal 409 when there is an organization with this id.
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
    if (brokenConstraint(error) !== "organizations_pkey") throw error;
    throw new Refusal(409, "organization_exists", `There is an organization ${organization.id} already`);
  }
}
