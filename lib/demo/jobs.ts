import { generateBatchJob } from "../batch-jobs/generate";
import type { BatchJob, BatchJobStatus } from "../batch-jobs/schema";

/** From the contract's examples. */
export const demoOrganizationId = "org_abc123";
export const secondOrganizationId = "org_def456";

const common = {
  organizationId: demoOrganizationId,
  agentId: "agent_def456",
  fromPhoneNumberId: "phone_ghi789",
  concurrentCallLimit: 5,
  retryPolicy: { maxAttempts: 3, retryableStatuses: ["no_answer", "busy", "timeout"] },
};

/** The two jobs of the contract's example answer. */
export const documentedJobs: BatchJob[] = [
  {
    ...common,
    id: "batch_xyz789",
    name: "January Renewal Campaign",
    description: "Follow up on expiring subscriptions",
    status: "running",
    totalContacts: 100,
    contactsProcessed: 42,
    successfulCalls: 35,
    failedCalls: 7,
    scheduledStartTime: "2025-02-28T14:00:00Z",
    actualStartTime: "2025-02-28T14:00:05Z",
    completedAt: null,
    createdAt: "2025-02-28T10:30:00Z",
  },
  {
    ...common,
    id: "batch_abc123",
    name: "Payment Reminders",
    description: null,
    status: "completed",
    totalContacts: 50,
    contactsProcessed: 50,
    successfulCalls: 45,
    failedCalls: 5,
    scheduledStartTime: null,
    actualStartTime: "2025-02-27T09:00:00Z",
    completedAt: "2025-02-27T09:25:00Z",
    createdAt: "2025-02-27T08:45:00Z",
  },
];

/** The documented running job makes no progress, as its figures must not change. */
export const documentedJobsChangedAt = new Date("2025-02-28T14:10:00Z");

/** Finished jobs, and one that never starts: none of them has its contacts here. */
const importedCounts: Partial<Record<BatchJobStatus, number>> = {
  completed: 13,
  failed: 3,
  cancelled: 3,
  pending: 1,
};

/** An organization's jobs that look imported, and never change. */
export function importedJobs(organizationId: string, until: Date): BatchJob[] {
  const missing = { ...importedCounts };
  const jobs: BatchJob[] = [];
  for (let index = 0; Object.values(missing).some((count) => count > 0); index++) {
    const job = generateBatchJob(organizationId, 1, index, until);
    const count = missing[job.status] ?? 0;
    if (count === 0) continue;
    missing[job.status] = count - 1;
    jobs.push(job);
  }
  return jobs;
}
