/** The contract's six, in the order in which a job may pass through them. */
export const batchJobStatuses = [
  "pending",
  "scheduled",
  "running",
  "completed",
  "failed",
  "cancelled",
] as const;
export type BatchJobStatus = (typeof batchJobStatuses)[number];

export function isBatchJobStatus(word: string): word is BatchJobStatus {
  return batchJobStatuses.some((status) => status === word);
}

export type StatusCounts = Record<BatchJobStatus, number>;

/** Not over yet: these change. */
export const activeStatuses: BatchJobStatus[] = ["pending", "scheduled", "running"];
/** Over: these stay as they are. */
export const finishedStatuses: BatchJobStatus[] = ["completed", "failed", "cancelled"];
