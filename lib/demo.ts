import { createApiKey } from "./api-keys/create";
import { recognizableParts } from "./api-keys/format";
import { listApiKeys } from "./api-keys/list";
import { generateBatchJob } from "./batch-jobs/generate";
import { type BatchJob, batchJobStatuses } from "./batch-jobs/schema";
import { writeBatchJobs } from "./batch-jobs/write";
import { database, provideDatabase } from "./database";
import type { Operator } from "./operator";
import { createOrganization } from "./organizations/create";
import { listOrganizations } from "./organizations/list";
import { createUser } from "./users/create";
import { Viewer } from "./viewer";

export const demoOrganizationId = "org_abc123";
export const demoEmail = "demo@example.com";
const jobCount = 47;

const common = {
  organizationId: demoOrganizationId,
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

/** All other demo jobs are older, so that the list begins as the source's second example does. */
const othersUntil = new Date("2025-02-27T08:00:00Z");

/**
 * The first jobs of the generated series that give each status its share: every one of the six is there.
 * Deterministic, as the series is.
 */
function demoJobs(organizationId: string, count: number): BatchJob[] {
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
    const job = generateBatchJob(organizationId, 1, index, othersUntil);
    const room = left.get(job.status) ?? 0;
    // When rounding left no room for the last ones, completed takes them.
    const isFull = [...left.values()].every((value) => value === 0);
    if (room === 0 && !(isFull && job.status === "completed")) continue;
    left.set(job.status, Math.max(0, room - 1));
    jobs.push(job);
  }
  return jobs;
}

/**
 * Fills an empty database for trying out: the organization of the contract's examples with 47 jobs, and a
 * second one, which the demo key must never see. All of it or nothing; nothing when there is any
 * organization.
 */
export async function seedDemo(
  operator: Operator,
  secrets: { demoApiKey: string; demoPassword: string },
): Promise<void> {
  const whole = database();
  try {
    await whole.transaction().execute(async (transaction) => {
      provideDatabase(transaction);
      if ((await listOrganizations(operator)).length === 0) await fill(operator, secrets);
    });
  } finally {
    provideDatabase(whole);
  }
}

async function fill(
  operator: Operator,
  secrets: { demoApiKey: string; demoPassword: string },
): Promise<void> {
  await createOrganization(operator, { id: demoOrganizationId, name: "Brightline Insurance" });
  const demo = await Viewer.fromOperator(operator, demoOrganizationId);
  const others = demoJobs(demoOrganizationId, jobCount - documentedJobs.length);
  await writeBatchJobs(demo, database(), [...documentedJobs, ...others]);
  await createUser(demo, {
    email: demoEmail,
    name: "Demo Owner",
    role: "owner",
    password: secrets.demoPassword,
  });
  await createApiKey(demo, { name: "Demo", expiresInDays: 365 }, secrets.demoApiKey);

  await createOrganization(operator, { id: "org_def456", name: "Harbor Dental Group" });
  const second = await Viewer.fromOperator(operator, "org_def456");
  await writeBatchJobs(second, database(), demoJobs("org_def456", 18));
}

/** What to show of the demo at each start; undefined when its key is revoked, expired or not there. */
export async function findDemo(
  operator: Operator,
  secrets: { demoApiKey: string; demoPassword: string },
): Promise<{ apiKey: string; password: string } | undefined> {
  const organizations = await listOrganizations(operator);
  if (!organizations.some(({ id }) => id === demoOrganizationId)) return undefined;
  const keys = await listApiKeys(await Viewer.fromOperator(operator, demoOrganizationId));
  const { start, lastFour } = recognizableParts(secrets.demoApiKey);
  const isActive = keys.some(
    (key) => key.state === "active" && key.start === start && key.lastFour === lastFour,
  );
  return isActive ? { apiKey: secrets.demoApiKey, password: secrets.demoPassword } : undefined;
}
