import type { Person } from "../access/person";
import { database } from "../database/database";
import { isSessionAlive } from "./session";

export interface SessionSummary {
  id: string;
  startedAt: Date;
  lastSeenAt: Date;
  userAgent: string | null;
  /** Whether it is the one by which the person is here. */
  isThis: boolean;
}

/** Where a person is signed in: this session first, then those seen last; a hundred at most. */
export async function listSessions(person: Person): Promise<SessionSummary[]> {
  return database()
    .selectFrom("sessions")
    .where("user_id", "=", person.id)
    .where(isSessionAlive)
    .select(["id", "created_at as startedAt", "last_seen_at as lastSeenAt", "user_agent as userAgent"])
    .select(({ eb }) => eb("id", "=", person.sessionId).as("isThis"))
    .orderBy("isThis", "desc")
    .orderBy("last_seen_at", "desc")
    .limit(100)
    .$castTo<SessionSummary>()
    .execute();
}
