import { setTimeout as delay } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { finishedStatuses } from "../batch-jobs/status";
import { newestFirst, visibleBatchJobs } from "../batch-jobs/visible";
import { deleteBatchJobs } from "../batch-jobs/write";
import { database } from "../database/database";
import { type Client, RefusedError } from "../dialer/client";
import { runDialer } from "../dialer/dialer";
import { simulateCall } from "../dialer/simulate-call";
import { logError } from "../log";
import {
  createSimulatedJob,
  demoDialerName,
  planJob,
  simulatedAgentId,
  simulatedFailure,
} from "./simulated-job";

/** As many calls as a demo organization can have at once. */
export const demoCallLimit = 20;
/** How many jobs with contacts an organization has; the oldest that have finished are deleted. */
export const simulatedJobCount = 25;
const startedMin = 3;
const scheduledMin = 2;
const renewEveryMs = 10_000;
/** How often a job is ended early. */
const endEveryMs = [4 * 60_000, 12 * 60_000] as const;

/**
 * Keeps a demo organization calling: makes up the calls of its jobs with the example dialer, over HTTP, creates jobs as
 * others finish, and now and then cancels or fails one.
 *
 * @param client with an API key of the organization that may dial and manage; when it is refused, the demo ends.
 * @param signal ends it, and all calls.
 */
export async function runDemo(viewer: Viewer, client: Client, signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const makeCall = simulateCall(1, either);
  const dialer = { name: demoDialerName, concurrency: demoCallLimit, makeCall, log: () => {} };
  // Before the dialer asks for calls.
  await renewJobs(viewer, either);
  const dialing = runDialer(client, dialer, either)
    .catch((error) => logError("the demo’s dialer has stopped", error))
    .finally(() => ended.abort());
  for (let endMs = nextEndMs(); !either.aborted; ) {
    await delay(renewEveryMs, undefined, { signal: either }).catch(() => {});
    await renewJobs(viewer, either);
    if (Date.now() < endMs) continue;
    await endJobEarly(viewer, client, either);
    endMs = nextEndMs();
  }
  await dialing;
}

function nextEndMs(): number {
  const [min, max] = endEveryMs;
  return Date.now() + min + Math.random() * (max - min);
}

/** Cancels a job that has made calls, as people do, or fails it, as a dialer does. */
export async function endJobEarly(viewer: Viewer, client: Client, signal: AbortSignal): Promise<void> {
  viewer.require("readBatchJobs");
  try {
    const job = await visibleBatchJobs(viewer.scope)
      .where("agent_id", "=", simulatedAgentId)
      .where("status", "=", "running")
      .where("contacts_processed", ">", 0)
      .orderBy(sql`random()`)
      .select("id")
      .executeTakeFirst();
    if (!job) return;
    const [verb, body] = Math.random() < 0.5 ? ["cancel", {}] : ["fail", { reason: simulatedFailure }];
    await client.post(`/batch/jobs/${job.id}/${verb}`, body, { signal });
  } catch (error) {
    // It has just ended, or the demo does.
    if (!signal.aborted && !(error instanceof RefusedError))
      logError("failed to end a job of the demo", error);
  }
}

/** Creates the jobs that are missing. Their total stays the same. */
async function renewJobs(viewer: Viewer, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  try {
    await database()
      .transaction()
      .execute((db) => replaceJobs(viewer, db));
  } catch (error) {
    if (!signal.aborted) logError("failed to create the demo’s jobs", error);
  }
}

async function replaceJobs(viewer: Viewer, db: Kysely<Database>): Promise<void> {
  viewer.require("writeBatchJobs");
  const jobs = await visibleBatchJobs(viewer.scope, db)
    .where("agent_id", "=", simulatedAgentId)
    .orderBy(newestFirst("batch_jobs"))
    .select(["id", "status"])
    .execute();
  const finished = jobs.filter(({ status }) => finishedStatuses.includes(status));
  const scheduled = jobs.filter(({ status }) => status === "scheduled").length;
  const started = jobs.length - finished.length - scheduled;
  const created = [
    ...Array.from({ length: Math.max(0, startedMin - started) }, () => planJob("immediate")),
    ...Array.from({ length: Math.max(0, scheduledMin - scheduled) }, () => planJob("scheduled")),
  ];
  for (const job of created) await createSimulatedJob(viewer, job, db);
  const surplus = jobs.length + created.length - simulatedJobCount;
  if (surplus <= 0) return;
  const oldest = finished.slice(-surplus).map(({ id }) => id);
  await deleteBatchJobs(viewer, db, oldest);
}
