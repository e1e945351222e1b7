import { createHash } from "node:crypto";
import { generateBatchJob } from "../batch-jobs/generate";
import type { BatchJob, BatchJobStatus } from "../batch-jobs/schema";
import { finishedStatuses } from "../batch-jobs/status";
import { batchJobId } from "../format/identifier";
import { inUtcSeconds } from "../format/time";

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

const secondMs = 1_000;
const minuteMs = 60 * secondMs;

/** One job is created in each slot. */
const slotMs = 15 * minuteMs;
/** The newest jobs, which cover six hours; none of them takes longer than five. */
export const simulatedJobCount = 25;
/** Older jobs by status. With the simulated and the two documented ones, there are 47 as in the contract. */
const finishedCounts: Partial<Record<BatchJobStatus, number>> = { completed: 14, failed: 3, cancelled: 3 };

/** A slot's job's creation time and pseudo-random numbers from 0 to 1, always the same. */
function slotOf(organizationId: string, slot: number) {
  const digest = createHash("sha256").update(`${organizationId}/${slot}`).digest();
  const share = (at: number) => (digest[at] ?? 0) / 256;
  const createdMs = slot * slotMs + Math.floor(share(0) * 480) * secondMs;
  return { digest, share, createdMs };
}

/**
 * A simulated job at a time. It depends only on the slot and the time, so a demo that was stopped continues as if its
 * calls had. Of four slots one job starts by hand, two are scheduled and one starts immediately; two of them run for
 * longer than an hour. So some jobs are always pending, some scheduled and at least two running.
 */
function jobOfSlot(organizationId: string, slot: number, nowMs: number): BatchJob {
  const { digest, share, createdMs } = slotOf(organizationId, slot);
  const kind = (["manual", "soon", "immediate", "later"] as const)[slot % 4] ?? "soon";
  const between = (min: number, max: number, at: number) => min + Math.round(share(at) * (max - min));
  const leadMs = {
    manual: between(70, 95, 1) * minuteMs,
    soon: between(40, 45, 1) * minuteMs,
    immediate: between(5, 20, 1) * secondMs,
    later: between(100, 190, 1) * minuteMs,
  }[kind];
  const isScheduled = kind === "soon" || kind === "later";
  const plannedMs = Math.ceil((createdMs + leadMs) / (5 * minuteMs)) * 5 * minuteMs;
  const startedMs = isScheduled ? plannedMs + between(1, 5, 2) * secondMs : createdMs + leadMs;

  const isLong = kind === "soon" || kind === "immediate";
  const totalContacts = 50 * (isLong ? between(22, 24, 3) : between(3, 10, 3));
  const perContactMs = isLong ? between(4_500, 5_500, 4) : between(4_000, 8_000, 4);
  const outcome: BatchJobStatus =
    isLong || share(5) < 0.7 ? "completed" : share(5) < 0.85 ? "failed" : "cancelled";
  const processedAtEnd =
    outcome === "completed" ? totalContacts : Math.floor(totalContacts * (0.15 + 0.5 * share(6)));
  const successRate = outcome === "failed" ? 0.05 + 0.2 * share(7) : 0.62 + 0.33 * share(7);
  const endedMs = startedMs + processedAtEnd * perContactMs;

  const hasStarted = nowMs >= startedMs;
  const hasEnded = nowMs >= endedMs;
  const contactsProcessed = hasEnded
    ? processedAtEnd
    : Math.max(0, Math.floor((nowMs - startedMs) / perContactMs));
  const successfulCalls = Math.floor(contactsProcessed * successRate);
  const time = (milliseconds: number) => inUtcSeconds(new Date(milliseconds));
  return {
    ...generateBatchJob(organizationId, 2, slot, new Date(createdMs)),
    id: batchJobId({ msecs: createdMs, random: digest }),
    status: hasEnded ? outcome : hasStarted ? "running" : isScheduled ? "scheduled" : "pending",
    totalContacts,
    contactsProcessed,
    successfulCalls,
    failedCalls: contactsProcessed - successfulCalls,
    scheduledStartTime: isScheduled ? time(plannedMs) : null,
    actualStartTime: hasStarted ? time(startedMs) : null,
    completedAt: hasEnded ? time(endedMs) : null,
    createdAt: time(createdMs),
    concurrentCallLimit: 10,
  };
}

/** An organization's simulated jobs at a time, oldest first. */
export function simulatedJobs(organizationId: string, now: Date): BatchJob[] {
  const nowMs = now.getTime();
  const current = Math.floor(nowMs / slotMs);
  const newest = slotOf(organizationId, current).createdMs <= nowMs ? current : current - 1;
  return Array.from({ length: simulatedJobCount }, (_, at) =>
    jobOfSlot(organizationId, newest - simulatedJobCount + 1 + at, nowMs),
  );
}

/** Whether a job is or once was one of `simulatedJobs`. */
export function isSimulatedJob(
  organizationId: string,
  { id, createdAt }: { id: string; createdAt: Date },
): boolean {
  const slot = Math.floor(createdAt.getTime() / slotMs);
  return jobOfSlot(organizationId, slot, 0).id === id;
}

/** An organization's jobs at first: the simulated ones, and older finished ones that never change. */
export function initialJobs(organizationId: string, now: Date): BatchJob[] {
  const jobs = simulatedJobs(organizationId, now);
  const until = new Date(jobs[0]?.createdAt ?? now);
  const missing = { ...finishedCounts };
  for (let index = 0; finishedStatuses.some((status) => missing[status]); index++) {
    const job = generateBatchJob(organizationId, 1, index, until);
    const count = missing[job.status] ?? 0;
    if (count === 0) continue;
    missing[job.status] = count - 1;
    jobs.push(job);
  }
  return jobs;
}
