import { sql } from "kysely";
import type { ApiKeyScope } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { HttpError } from "../http/http-error";

/** For a key of another organization, too. */
export const apiKeyNotFound = new HttpError(404, "api_key_not_found", "API key not found");

const apiKeyEnded = new HttpError(409, "api_key_ended", "This API key has already expired or been revoked");

const hasEndedIn = (table: string) => sql<boolean>`
  (${sql.ref(`${table}.revoked_at`)} is not null or coalesce(${sql.ref(`${table}.expires_at`)} <= now(), false))
`;

/** Whether a key has expired or been revoked. */
export const hasEnded = hasEndedIn("api_keys");

/** Whether a key was rotated and its new key is usable. */
export const hasSuccessor = sql<boolean>`exists (
  select from api_keys as successor
  where successor.organization_id = api_keys.organization_id and successor.id = api_keys.successor_id
    and not ${hasEndedIn("successor")}
)`;

/** The keys of the viewer's organization that have the scope, and have neither expired nor been revoked. */
export function usableApiKeys(viewer: Viewer, scope: ApiKeyScope) {
  return database()
    .selectFrom("api_keys")
    .where("organization_id", "=", viewer.organizationId)
    .where(sql<boolean>`${scope} = any(scopes)`)
    .where(({ not }) => not(hasEnded));
}

/** @throws HttpError 404, 409 for a key that has ended. */
export async function getUsableApiKey(
  viewer: Viewer,
  id: string,
  db = database(),
): Promise<{ name: string; scopes: ApiKeyScope[]; hasSuccessor: boolean }> {
  viewer.require("manageKeys");
  const found = await db
    .selectFrom("api_keys")
    .where("organization_id", "=", viewer.organizationId)
    .where("id", "=", id)
    .select(["name", "scopes", hasSuccessor.as("hasSuccessor"), hasEnded.as("hasEnded")])
    .executeTakeFirst();
  if (!found) throw apiKeyNotFound;
  if (found.hasEnded) throw apiKeyEnded;
  return found;
}
