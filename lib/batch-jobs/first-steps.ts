import { sql } from "kysely";
import type { Viewer } from "../access/viewer";
import { hasEnded } from "../api-keys/state";
import { database } from "../database/database";
import { visiblePhoneNumbers } from "../phone-numbers/visible";

/** What an organization has of what its first batch job needs. */
export interface FirstSteps {
  /** One with an agent. */
  hasPhoneNumber: boolean;
  /** A usable one with the scope `dial`. */
  hasDialKey: boolean;
  /** Whether such a key was used. */
  hasDialer: boolean;
}

export async function findFirstSteps(viewer: Viewer): Promise<FirstSteps> {
  viewer.require("viewSettings");
  const dialKeys = database()
    .selectFrom("api_keys")
    .where("organization_id", "=", viewer.organizationId)
    .where(sql<boolean>`'dial' = any(scopes)`)
    .where(({ not }) => not(hasEnded));
  return database()
    .selectNoFrom(({ exists }) => [
      exists(visiblePhoneNumbers(viewer.scope).where("agent_id", "is not", null)).as("hasPhoneNumber"),
      exists(dialKeys).as("hasDialKey"),
      exists(dialKeys.where("last_used_at", "is not", null)).as("hasDialer"),
    ])
    .$castTo<FirstSteps>()
    .executeTakeFirstOrThrow();
}
