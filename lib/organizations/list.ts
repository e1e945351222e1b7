import { Operator } from "../access/operator";
import { database } from "../database/database";

export interface OrganizationSummary {
  id: string;
  name: string;
  createdAt: Date;
}

/** All organizations, oldest first. */
export async function listOrganizations(operator: Operator): Promise<OrganizationSummary[]> {
  Operator.prove(operator);
  return database()
    .selectFrom("organizations")
    .select(["id", "name", "created_at as createdAt"])
    .orderBy("created_at")
    .orderBy("id")
    .execute();
}
