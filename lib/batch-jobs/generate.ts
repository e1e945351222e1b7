import { createHash } from "node:crypto";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { batchJobId } from "../format/identifier";
import { inUtcSeconds } from "../format/time";
import type { BatchJob, BatchJobStatus } from "./schema";
import { type WriteResult, writeBatchJobs } from "./write";

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

/** How many of the ended jobs get each status, in percent. */
const finalStatuses: [BatchJobStatus, number][] = [
  ["completed", 86],
  ["failed", 7],
  ["cancelled", 7],
];
const recentDays = 5;
const recentStatuses: [BatchJobStatus, number][] = [
  ["running", 35],
  ["scheduled", 30],
  ["pending", 15],
  ["completed", 20],
];

/** Pseudo-random numbers from 0 to 1 (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pickWeighted(choices: [BatchJobStatus, number][], random: number): BatchJobStatus {
  let rest = random * 100;
  for (const [status, percent] of choices) {
    rest -= percent;
    if (rest < 0) return status;
  }
  return choices[0]?.[0] ?? "completed";
}

/**
 * A realistic job, always the same for the same arguments.
 *
 * @param seed of the series: other seeds give other jobs with other ids.
 * @param index in the series, from 0.
 * @param until the end of the three years in which the series is created.
 */
export function generateBatchJob(organizationId: string, seed: number, index: number, until: Date): BatchJob {
  const digest = createHash("sha256").update(`${organizationId}/${seed}/${index}`).digest();
  const random = createRandom(digest.readUInt32BE(0));
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;

  // The square root makes newer jobs more frequent.
  const ageDays = (1 - Math.sqrt(random())) * spanDays;
  const createdMs = Math.floor((until.getTime() - ageDays * dayMs) / secondMs) * secondMs;
  const status = pickWeighted(ageDays < recentDays ? recentStatuses : finalStatuses, random());
  const [purpose, description] = pick(purposes);
  const totalContacts = pick(totals);

  const untilMs = until.getTime();
  const hasStarted =
    !["pending", "scheduled"].includes(status) && !(status === "cancelled" && random() < 0.5);
  const delayMs = Math.floor(random() * 24 * 4) * 15 * 60 * secondMs;
  // Scheduled jobs start after the end of the series, all others before it.
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

/** The default of `until`. */
export const generatedUntil = new Date("2026-01-01T00:00:00Z");

const batchSize = 2_000;

/**
 * Writes generated jobs to the viewer's organization. Repeating it changes nothing.
 *
 * @param onProgress called with the number of jobs written so far.
 */
export async function generateBatchJobs(
  viewer: Viewer,
  series: { count: number; seed: number; until: Date },
  onProgress: (done: number) => void,
): Promise<WriteResult> {
  const sum = { inserted: 0, updated: 0, unchanged: 0, kept: 0 };
  for (let from = 0; from < series.count; from += batchSize) {
    const to = Math.min(from + batchSize, series.count);
    const jobs = Array.from({ length: to - from }, (_, offset) =>
      generateBatchJob(viewer.organizationId, series.seed, from + offset, series.until),
    );
    const { inserted, updated, unchanged } = await writeBatchJobs(viewer, database(), jobs);
    sum.inserted += inserted;
    sum.updated += updated;
    sum.unchanged += unchanged;
    onProgress(to);
  }
  return sum;
}
