import { brokenConstraint } from "@/db/failure";
import { Operator } from "../access/operator";
import { database } from "../database/database";
import { HttpError } from "../http/http-error";
import type { NewOrganization } from "./schema";

/**
 * @param db a transaction, to do more in it.
 * @throws HttpError 409 when there is an organization with this id.
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
    throw new HttpError(
      409,
      "organization_exists",
      `An organization with the ID ${organization.id} already exists`,
    );
  }
}
