import type { OrganizationScope } from "../access/viewer";
import { database } from "../database/database";

/** The phone numbers that a viewer may see. No other function reads from the table. */
export function visiblePhoneNumbers(scope: OrganizationScope, db = database()) {
  return db.selectFrom("phone_numbers").where("organization_id", "=", scope.organizationId);
}
