import type { Person } from "../access/person";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { isTimeZone } from "../format/time-zone";
import { HttpError } from "../http/http-error";
import { logError } from "../log";

/**
 * So that the jobs page opens with it the next time. Written only when it is another one than before; that it
 * could not be written is no reason not to show the page.
 */
export async function rememberOrganization(person: Person, viewer: Viewer): Promise<void> {
  if (person.lastOrganizationId === viewer.organizationId) return;
  await database()
    .updateTable("users")
    .set({ last_organization_id: viewer.organizationId })
    .where("id", "=", person.id)
    .execute()
    .catch((error) => logError("failed to update users.last_organization_id", error));
}

/**
 * In which zone a person sees times, on all their devices.
 *
 * @param timeZone a name of the IANA list, or null for the zone of each browser.
 * @throws HttpError 400 for what is no time zone.
 */
export async function chooseTimeZone(person: Person, timeZone: string | null): Promise<void> {
  if (timeZone !== null && !isTimeZone(timeZone)) {
    throw new HttpError(400, "invalid_time_zone", "Unknown time zone");
  }
  await database().updateTable("users").set({ time_zone: timeZone }).where("id", "=", person.id).execute();
}
