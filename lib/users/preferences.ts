import type { Person } from "../access/person";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { isTimeZone } from "../format/time-zone";
import { HttpError } from "../http/http-error";
import { logError } from "../log";

/** @param name undefined to show the email address instead. */
export async function changeName(person: Person, name: string | undefined): Promise<void> {
  await database()
    .updateTable("users")
    .set({ name: name ?? null })
    .where("id", "=", person.id)
    .execute();
}

/**
 * @param timeZone an IANA name, or null for each browser's own time zone.
 * @throws HttpError 400 for an unknown time zone.
 */
export async function changeTimeZone(person: Person, timeZone: string | null): Promise<void> {
  if (timeZone !== null && !isTimeZone(timeZone)) {
    throw new HttpError(400, "invalid_time_zone", "Unknown time zone");
  }
  await database().updateTable("users").set({ time_zone: timeZone }).where("id", "=", person.id).execute();
}

/** The jobs page opens with this organization next time. A failure is only logged, so that the page is shown. */
export async function rememberOrganization(person: Person, viewer: Viewer): Promise<void> {
  if (person.lastOrganizationId === viewer.organizationId) return;
  await database()
    .updateTable("users")
    .set({ last_organization_id: viewer.organizationId })
    .where("id", "=", person.id)
    .execute()
    .catch((error) => logError("failed to update users.last_organization_id", error));
}
