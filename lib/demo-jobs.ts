import { generateBatchJob } from "./batch-jobs/generate";
import { type BatchJob, batchJobStatuses } from "./batch-jobs/schema";
import { activeStatuses } from "./batch-jobs/status";
import { inUtcSeconds } from "./time";

/** Of the contract's examples. */
export const documentedOrganizationId = "org_abc123";
const jobCount = 47;

/** The second one, whose jobs move (lib/demo-motion.ts). */
export const movingOrganizationId = "org_def456";

const common = {
  organizationId: documentedOrganizationId,
  agentId: "agent_def456",
  fromPhoneNumberId: "phone_ghi789",
  concurrentCallLimit: 5,
  retryPolicy: { maxAttempts: 3, retryableStatuses: ["no_answer", "busy", "timeout"] },
};

/** The two jobs of the source's second example, with exactly its figures and times. */
const documentedJobs: BatchJob[] = [
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

/** All other jobs of its organization are older, so that the list begins as the source's second example does. */
const othersUntil = new Date("2025-02-27T08:00:00Z");

/** What of such an old job is still to come, or going on, is so today: the page shall not be all overdue. */
function broughtUpToDate(job: BatchJob, now: Date): BatchJob {
  if (!activeStatuses.includes(job.status)) return job;
  const later = (time: string | null) =>
    time && inUtcSeconds(new Date(Date.parse(time) + now.getTime() - othersUntil.getTime()));
  return {
    ...job,
    scheduledStartTime: later(job.scheduledStartTime),
    actualStartTime: later(job.actualStartTime),
  };
}

/**
 * The first jobs of the generated series that give each status its share: every one of the six is there.
 * Deterministic, as the series is.
 *
 * @param until the newest of them are about so old.
 */
export function demoJobs(organizationId: string, count: number, until: Date): BatchJob[] {
  const share = {
    pending: 0.09,
    scheduled: 0.13,
    running: 0.11,
    completed: 0.47,
    failed: 0.11,
    cancelled: 0.09,
  };
  const left = new Map(batchJobStatuses.map((status) => [status, Math.round(share[status] * count)]));
  const jobs: BatchJob[] = [];
  for (let index = 0; jobs.length < count; index++) {
    const job = generateBatchJob(organizationId, 1, index, until);
    const room = left.get(job.status) ?? 0;
    // When rounding left no room for the last ones, completed takes them.
    const isFull = [...left.values()].every((value) => value === 0);
    if (room === 0 && !(isFull && job.status === "completed")) continue;
    left.set(job.status, Math.max(0, room - 1));
    jobs.push(job);
  }
  return jobs;
}

/** The documented organization's 47: the two of the source's example, and what happened before them. */
export function documentedDemoJobs(now: Date): BatchJob[] {
  const others = demoJobs(documentedOrganizationId, jobCount - documentedJobs.length, othersUntil);
  return [...documentedJobs, ...others.map((job) => broughtUpToDate(job, now))];
}
