import { sql } from "kysely";
import { Operator } from "../access/operator";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { HttpError } from "../http/http-error";
import { getUsableApiKey } from "./state";

/** Takes effect with the key's next request, on every instance. */
const revoked = { revoked_at: sql<Date>`coalesce(revoked_at, now())` };

/**
 * Revokes a key of any organization. Revoking it again changes nothing.
 *
 * @throws HttpError 404.
 */
export async function revokeAnyApiKey(operator: Operator, id: string): Promise<void> {
  Operator.prove(operator);
  const { numUpdatedRows } = await database()
    .updateTable("api_keys")
    .set(revoked)
    .where("id", "=", id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new HttpError(404, "api_key_not_found", `API key ${id} not found`);
}

/**
 * Revokes a key of the viewer's organization.
 *
 * @param confirmation the key's name, typed by the person; not needed for a key that was rotated.
 * @throws HttpError 404, 409 for a key that has ended, 422 for another name.
 */
export async function revokeApiKey(
  viewer: Viewer,
  id: string,
  confirmation: { name: string } | "has a successor",
): Promise<void> {
  viewer.require("manageKeys");
  const found = await getUsableApiKey(viewer, id);
  if (confirmation === "has a successor") {
    if (!found.hasSuccessor) {
      throw new HttpError(
        409,
        "api_key_not_rotating",
        "This API key hasn’t been rotated: revoke it by its name",
      );
    }
  } else if (confirmation.name !== found.name) {
    throw new HttpError(422, "name_mismatch", "The name doesn’t match this API key");
  }
  await database()
    .updateTable("api_keys")
    .set(revoked)
    .where("organization_id", "=", viewer.organizationId)
    .where("id", "=", id)
    .execute();
}
