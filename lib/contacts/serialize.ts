import type { Selectable } from "kysely";
import type { Database } from "@/db/schema";
import { inUtcSeconds } from "../format/time";
import type { Contact } from "./schema";

export const contactColumns = [
  "batch_job_id",
  "position",
  "phone_number",
  "contact_data",
  "status",
  "error_code",
  "attempt_count",
  "last_attempt_at",
  "next_retry_at",
  "completed_at",
  "room_name",
  "failure_reason",
  "call_duration",
] as const;

export type ContactRow = Pick<Selectable<Database["batch_contacts"]>, (typeof contactColumns)[number]>;

/** As `contactId` of visible.ts. */
export function contactIdOf(row: { batch_job_id: string; position: number }): string {
  return `${row.batch_job_id}-${row.position}`;
}

const time = (value: Date | null) => value && inUtcSeconds(value);

/** The contract's object, keys in its order. @param maxAttempts of the job. */
export function contactJson(row: ContactRow, maxAttempts: number): Contact {
  return {
    id: contactIdOf(row),
    phoneNumber: row.phone_number,
    contactData: row.contact_data,
    status: row.status,
    errorCode: row.error_code,
    attemptCount: row.attempt_count,
    maxAttempts,
    lastAttemptAt: time(row.last_attempt_at),
    nextRetryAt: time(row.next_retry_at),
    completedAt: time(row.completed_at),
    roomName: row.room_name,
    failureReason: row.failure_reason,
    callDuration: row.call_duration,
  };
}
