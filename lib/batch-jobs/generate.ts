import { createHash } from "node:crypto";
import { batchJobId } from "../format/identifier";
import { inUtcSeconds } from "../format/time";
import type { BatchJob, BatchJobStatus } from "./schema";

const secondMs = 1_000;
const dayMs = 86_400 * secondMs;
const spanDays = 3 * 365;

const occasions = [
  "January",
  "Spring",
  "Easter",
  "Midsummer",
  "Back-to-School",
  "Autumn",
  "Black Friday",
  "Year-End",
];
const regions = [
  "Northeast",
  "Pacific",
  "Midwest",
  "Southern",
  "Bavaria",
  "Île-de-France",
  "Lombardy",
  "Ontario",
];
const purposes: [name: string, description: string][] = [
  ["Renewal Campaign", "Follow up on expiring subscriptions"],
  ["Payment Reminders", "Remind customers of invoices that are past due"],
  ["Appointment Confirmations", "Confirm next week's appointments and offer to move them"],
  ["Satisfaction Survey", "Three questions after a closed support case"],
  ["Win-Back Calls", "Invite former customers back with the current offer"],
  ["Delivery Notices", "Announce the delivery window for large items"],
  ["Webinar Invitations", "Invite leads to the product webinar"],
  ["Lead Qualification", "Ask new leads about team size and timing"],
];
const totals = [25, 50, 80, 120, 200, 350, 500, 800, 1_200, 2_500, 5_000, 10_000];

/** What becomes of jobs in the end, in shares of 100. */
const outcomes: [BatchJobStatus, number][] = [
  ["completed", 86],
  ["failed", 7],
  ["cancelled", 7],
];
/** How jobs of the last days stand: not everything is over yet. */
const recentDays = 5;
const recent: [BatchJobStatus, number][] = [
  ["running", 35],
  ["scheduled", 30],
  ["pending", 15],
  ["completed", 20],
];

/** Numbers from 0 to 1 that look random and are the same for the same seed (the mulberry32 generator). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function weighted(choices: [BatchJobStatus, number][], at: number): BatchJobStatus {
  let left = at * 100;
  for (const [status, share] of choices) {
    left -= share;
    if (left < 0) return status;
  }
  return choices[0]?.[0] ?? "completed";
}

/**
 * One made-up job: believable, valid, and the same whenever the same is asked for.
 *
 * @param seed of the whole series; other seeds make other jobs with other ids.
 * @param index of the job in the series, from 0; which jobs stand beside it makes no difference.
 * @param until the end of the three years over which jobs are spread.
 */
export function generateBatchJob(organizationId: string, seed: number, index: number, until: Date): BatchJob {
  const digest = createHash("sha256").update(`${organizationId}/${seed}/${index}`).digest();
  const random = randomFrom(digest.readUInt32BE(0));
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;

  // The square root leans towards the end: the business grows.
  const ageDays = (1 - Math.sqrt(random())) * spanDays;
  const createdMs = Math.floor((until.getTime() - ageDays * dayMs) / secondMs) * secondMs;
  const status = weighted(ageDays < recentDays ? recent : outcomes, random());
  const [purpose, description] = pick(purposes);
  const totalContacts = pick(totals);

  const untilMs = until.getTime();
  const hasStarted =
    !["pending", "scheduled"].includes(status) && !(status === "cancelled" && random() < 0.5);
  const delayMs = Math.floor(random() * 24 * 4) * 15 * 60 * secondMs;
  // What is scheduled starts after the end of the span, all else before it.
  const plannedMs =
    status === "scheduled" ? untilMs + delayMs : Math.min(createdMs + delayMs, untilMs - dayMs / 24);
  const isPlanned = status === "scheduled" || (plannedMs > createdMs && random() < 0.4);
  const startedMs = (isPlanned ? plannedMs : createdMs) + Math.floor(random() * 90) * secondMs;
  const share = status === "completed" ? 1 : random();
  const contactsProcessed = hasStarted ? Math.floor(totalContacts * share) : 0;
  const successRate = status === "failed" ? random() * 0.3 : 0.6 + random() * 0.38;
  const successfulCalls = Math.round(contactsProcessed * successRate);
  const hasEnded = hasStarted && status !== "running";
  const tookMs = (30 + Math.floor(contactsProcessed * (4 + random() * 8))) * secondMs;
  const endedMs = Math.max(startedMs, Math.min(startedMs + tookMs, untilMs));
  const time = (milliseconds: number) => inUtcSeconds(new Date(milliseconds));

  return {
    id: batchJobId({ msecs: createdMs, random: digest.subarray(4, 20) }),
    name: `${pick(random() < 0.5 ? occasions : regions)} ${purpose}`,
    description: random() < 0.7 ? description : null,
    status,
    organizationId,
    agentId: `agent_${pick(["def456", "ana101", "ben202", "cleo303", "dev404"])}`,
    fromPhoneNumberId: `phone_${pick(["ghi789", "main01", "sales02", "care03"])}`,
    totalContacts,
    contactsProcessed,
    successfulCalls,
    failedCalls: contactsProcessed - successfulCalls,
    scheduledStartTime: isPlanned ? time(plannedMs) : null,
    actualStartTime: hasStarted ? time(startedMs) : null,
    completedAt: hasEnded ? time(endedMs) : null,
    createdAt: time(createdMs),
    concurrentCallLimit: pick([1, 3, 5, 5, 5, 10, 25, 50]),
    retryPolicy: {
      maxAttempts: pick([1, 2, 3, 3, 3, 5]),
      retryableStatuses: pick([["no_answer", "busy", "timeout"], ["no_answer", "busy"], ["no_answer"], []]),
    },
  };
}
