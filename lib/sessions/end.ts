import type { Person } from "../access/person";
import { database } from "../database/database";
import { HttpError } from "../http/http-error";

/** Ends one of a person's sessions. @throws HttpError 404 when they have no such session any more. */
export async function endSessionOf(person: Person, id: string): Promise<void> {
  const { numDeletedRows } = await database()
    .deleteFrom("sessions")
    .where("user_id", "=", person.id)
    .where("id", "=", id)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new HttpError(404, "session_not_found", "That session has already ended");
}

/** Ends all of a person's sessions, this one too. */
export async function endAllSessionsOf(person: Person): Promise<void> {
  await database().deleteFrom("sessions").where("user_id", "=", person.id).execute();
}
