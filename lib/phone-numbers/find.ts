import type { Kysely } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { HttpError } from "../http/http-error";
import { visiblePhoneNumbers } from "./visible";

/** For a number of another organization, too. */
export function phoneNumberNotFound(id: string): HttpError {
  return new HttpError(404, "phone_number_not_found", `Phone number ${id} not found`);
}

/**
 * The agent that makes the calls of a phone number.
 *
 * @throws HttpError 404; 400 when it has none.
 */
export async function getOutboundAgent(viewer: Viewer, id: string, db: Kysely<Database>): Promise<string> {
  viewer.require("manageBatchJobs");
  const found = await visiblePhoneNumbers(viewer.scope, db)
    .where("id", "=", id)
    .select("agent_id")
    .executeTakeFirst();
  if (!found) throw phoneNumberNotFound(id);
  if (found.agent_id === null) {
    throw new HttpError(400, "no_outbound_agent", `Phone number ${id} has no agent that makes calls`);
  }
  return found.agent_id;
}
