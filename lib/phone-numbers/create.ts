import { violatedConstraint } from "@/db/failure";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { HttpError } from "../http/http-error";
import type { NewPhoneNumber } from "./schema";

/** @throws HttpError 409 for an id that the organization has already. */
export async function createPhoneNumber(
  viewer: Viewer,
  { id, phoneNumber, agentId, label }: NewPhoneNumber,
): Promise<void> {
  viewer.require("managePhoneNumbers");
  try {
    await database()
      .insertInto("phone_numbers")
      .values({
        organization_id: viewer.organizationId,
        id,
        phone_number: phoneNumber,
        agent_id: agentId ?? null,
        label: label ?? null,
      })
      .execute();
  } catch (error) {
    if (violatedConstraint(error) !== "phone_numbers_pkey") throw error;
    throw new HttpError(409, "phone_number_exists", `Phone number ${id} already exists`);
  }
}
