import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { phoneNumberNotFound } from "./find";

/** @throws HttpError 404. */
export async function removePhoneNumber(viewer: Viewer, id: string): Promise<void> {
  viewer.require("managePhoneNumbers");
  const { numDeletedRows } = await database()
    .deleteFrom("phone_numbers")
    .where("organization_id", "=", viewer.organizationId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw phoneNumberNotFound(id);
}
