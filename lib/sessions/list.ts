import type { Person } from "../access/person";
import { database } from "../database/database";
import { isSessionActive } from "./session";

export interface SessionSummary {
  id: string;
  startedAt: Date;
  lastSeenAt: Date;
  userAgent: string | null;
  /** Whether it is the session of this request. */
  isCurrent: boolean;
}

/** A person's active sessions: the current one, then the last seen; at most 100. */
export async function listSessions(person: Person): Promise<SessionSummary[]> {
  return database()
    .selectFrom("sessions")
    .where("user_id", "=", person.id)
    .where(isSessionActive)
    .select(["id", "created_at as startedAt", "last_seen_at as lastSeenAt", "user_agent as userAgent"])
    .select(({ eb }) => eb("id", "=", person.sessionId).as("isCurrent"))
    .orderBy("isCurrent", "desc")
    .orderBy("last_seen_at", "desc")
    .limit(100)
    .$castTo<SessionSummary>()
    .execute();
}
