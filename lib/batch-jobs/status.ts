/** The contract's statuses, in the order in which a job can have them. */
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

export const activeStatuses: BatchJobStatus[] = ["pending", "scheduled", "running"];
export const finishedStatuses: BatchJobStatus[] = ["completed", "failed", "cancelled"];
