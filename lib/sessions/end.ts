import type { Person } from "../access/person";
import { database } from "../database/database";
import { HttpError } from "../http/http-error";

/** @throws HttpError 404 when the person has no such session. */
export async function endOwnSession(person: Person, id: string): Promise<void> {
  const { numDeletedRows } = await database()
    .deleteFrom("sessions")
    .where("user_id", "=", person.id)
    .where("id", "=", id)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new HttpError(404, "session_not_found", "That session has already ended");
}

/** Including the session of this request. */
export async function endAllOwnSessions(person: Person): Promise<void> {
  await database().deleteFrom("sessions").where("user_id", "=", person.id).execute();
}
