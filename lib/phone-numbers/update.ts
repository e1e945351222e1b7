import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { phoneNumberNotFound } from "./find";
import type { PhoneNumberChange } from "./schema";

/**
 * Changes the agent and label of a phone number. Jobs that exist keep their agent.
 *
 * @throws HttpError 404.
 */
export async function updatePhoneNumber(
  viewer: Viewer,
  { id, agentId, label }: PhoneNumberChange,
): Promise<void> {
  viewer.require("managePhoneNumbers");
  const { numUpdatedRows } = await database()
    .updateTable("phone_numbers")
    .set({ agent_id: agentId ?? null, label: label ?? null })
    .where("organization_id", "=", viewer.organizationId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw phoneNumberNotFound(id);
}
