import type { Viewer } from "../access/viewer";
import { usableApiKeys } from "../api-keys/state";
import { database } from "../database/database";
import { visiblePhoneNumbers } from "../phone-numbers/visible";

/** What an organization has of what its first batch job needs. */
export interface FirstSteps {
  /** Whether it has a phone number with an agent. */
  hasPhoneNumber: boolean;
  /** Whether it has a usable API key with the scope `dial`. */
  hasDialKey: boolean;
  /** Whether a dialer has asked for calls. */
  hasDialer: boolean;
}

export async function findFirstSteps(viewer: Viewer): Promise<FirstSteps> {
  viewer.require("viewSettings");
  const dialers = database().selectFrom("dialers").where("organization_id", "=", viewer.organizationId);
  return database()
    .selectNoFrom(({ exists }) => [
      exists(visiblePhoneNumbers(viewer.scope).where("agent_id", "is not", null)).as("hasPhoneNumber"),
      exists(usableApiKeys(viewer, "dial")).as("hasDialKey"),
      exists(dialers).as("hasDialer"),
    ])
    .$castTo<FirstSteps>()
    .executeTakeFirstOrThrow();
}
