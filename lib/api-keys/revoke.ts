import { sql } from "kysely";
import { Operator } from "../access/operator";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { HttpError } from "../http/http-error";
import { apiKeyEnded, apiKeyNotFound } from "./errors";
import { hasSuccessor, isOver } from "./over";

/** What ends a key for good, from the next request on, on every instance. */
const ended = { revoked_at: sql<Date>`coalesce(revoked_at, now())` };

/**
 * Ends whichever key has this id. Revoking it again changes nothing.
 * @throws HttpError 404 when there is no such key.
 */
export async function revokeApiKey(operator: Operator, apiKeyId: string): Promise<void> {
  Operator.prove(operator);
  const result = await database()
    .updateTable("api_keys")
    .set(ended)
    .where("id", "=", apiKeyId)
    .executeTakeFirst();
  if (result.numUpdatedRows === 0n)
    throw new HttpError(404, "api_key_not_found", `API key ${apiKeyId} not found`);
}

/**
 * Ends a key of the viewer's organization.
 *
 * @param confirmation the key's name, typed again; or that it is one that has a successor, which needs no such care.
 * @throws HttpError 404, 409 for a key that is over already, 422 for another name.
 */
export async function endApiKey(
  viewer: Viewer,
  id: string,
  confirmation: { name: string } | "has a successor",
): Promise<void> {
  viewer.require("manageKeys");
  const found = await database()
    .selectFrom("api_keys")
    .where("organization_id", "=", viewer.organizationId)
    .where("id", "=", id)
    .select(["name", hasSuccessor.as("hasSuccessor")])
    .select(isOver.as("isOver"))
    .executeTakeFirst();
  if (!found) throw apiKeyNotFound;
  if (found.isOver) throw apiKeyEnded;
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
    .set(ended)
    .where("organization_id", "=", viewer.organizationId)
    .where("id", "=", id)
    .execute();
}
