/** The contract's statuses of a contact, in the order in which it can have them. */
export const contactStatuses = [
  "pending",
  "queued",
  "dialing",
  "completed",
  "no_answer",
  "busy",
  "timeout",
  "blocked",
  "invalid_number",
  "carrier_error",
  "failed",
  "cancelled",
] as const;
export type ContactStatus = (typeof contactStatuses)[number];

export function isContactStatus(word: string): word is ContactStatus {
  return contactStatuses.some((status) => status === word);
}

/** A contact whose outcome is final, in a job that goes on. */
export const finalStatuses = {
  successful: ["completed"],
  failed: ["blocked", "invalid_number", "carrier_error", "failed"],
} as const satisfies Record<string, ContactStatus[]>;

/** What cancelling a job makes cancelled: a contact that waits for its first call or for a retry. */
export const cancellableStatuses = [
  "pending",
  "queued",
  "no_answer",
  "busy",
  "timeout",
] as const satisfies ContactStatus[];
