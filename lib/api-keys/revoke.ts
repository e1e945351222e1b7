import { sql } from "kysely";
import { database } from "../database";
import { Operator } from "../operator";
import { Refusal } from "../refusal";

/**
 * Ends a key for good, from the next request on, on every instance. Revoking it again changes nothing.
 * @throws Refusal 404 when there is no such key.
 */
export async function revokeApiKey(operator: Operator, apiKeyId: string): Promise<void> {
  Operator.prove(operator);
  const result = await database()
    .updateTable("api_keys")
    .set({ revoked_at: sql<Date>`coalesce(revoked_at, now())` })
    .where("id", "=", apiKeyId)
    .executeTakeFirst();
  if (result.numUpdatedRows === 0n)
    throw new Refusal(404, "api_key_not_found", `There is no API key ${apiKeyId}`);
}
