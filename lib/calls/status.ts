/** Outcomes after which a contact is called again, if the job says so and attempts are left. */
export const retryableStatuses = ["no_answer", "busy", "timeout"] as const;
export type RetryableStatus = (typeof retryableStatuses)[number];

/** How a call that was dialed can end. The contact gets it as its status, if it is not called again. */
export const callResults = [
  "completed",
  ...retryableStatuses,
  "blocked",
  "invalid_number",
  "carrier_error",
  "failed",
] as const;
export type CallResult = (typeof callResults)[number];

export function isRetryable(status: string): status is RetryableStatus {
  return retryableStatuses.some((one) => one === status);
}

/** The error code of a contact whose dialer did not report how a call ended, and its reason. */
export const noReport = {
  errorCode: "no_report",
  failureReason: "No report from the dialer; not called again",
};
