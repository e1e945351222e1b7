import { type Expression, type RawBuilder, sql } from "kysely";
import { selectFields, utcSeconds } from "../database/json";
import type { Contact } from "./schema";
import { contactId } from "./visible";

const column = (name: string) => sql.ref(`contact.${name}`);
const time = (name: string) => utcSeconds(column(name));

/** The contract's object, keys in its order. @param maxAttempts of the job. */
export function contactFields(maxAttempts: Expression<number>): Record<keyof Contact, Expression<unknown>> {
  return {
    id: column("id"),
    phoneNumber: column("phone_number"),
    contactData: column("contact_data"),
    status: column("status"),
    errorCode: column("error_code"),
    attemptCount: column("attempt_count"),
    maxAttempts,
    lastAttemptAt: time("last_attempt_at"),
    nextRetryAt: time("next_retry_at"),
    completedAt: time("completed_at"),
    roomName: column("room_name"),
    failureReason: column("failure_reason"),
    callDuration: column("call_duration"),
  };
}

/** The columns that the fields are made of. */
export const contactColumns = [
  ...(["position", "phone_number", "contact_data", "status", "error_code", "attempt_count"] as const),
  ...(["last_attempt_at", "next_retry_at", "completed_at", "room_name", "failure_reason"] as const),
  ...(["call_duration"] as const),
  contactId.as("id"),
];

/** The contract's object of a row `contact` that has contactColumns. @param maxAttempts of the job. */
export function contactAsJson(maxAttempts: Expression<number>): RawBuilder<Contact> {
  return sql`(
    select row_to_json(batch_contact) from (${selectFields(contactFields(maxAttempts))}) as batch_contact
  )`;
}
