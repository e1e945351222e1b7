import { setTimeout as delay } from "node:timers/promises";
import { keptCount } from "./batch-jobs/counts";
import { generateBatchJob } from "./batch-jobs/generate";
import type { BatchJob } from "./batch-jobs/schema";
import { batchJobColumns, jobsAsJson } from "./batch-jobs/serialize";
import { activeStatuses } from "./batch-jobs/status";
import { visibleBatchJobs, withStatus } from "./batch-jobs/visible";
import { writeBatchJobs } from "./batch-jobs/write";
import { database } from "./database";
import { movingOrganizationId } from "./demo-jobs";
import { logError } from "./log";
import { Operator } from "./operator";
import { inUtcSeconds } from "./time";
import { Viewer } from "./viewer";

const everyMs = 3_000;
const patienceMs = 1_000;
/** A job takes about so many steps, whatever its size. */
const stepsOfAJob = 60;
/** So many run or are about to; a new one comes when there are fewer. */
const busyMin = 3;
/** From being made until it starts. One that misses its time by as much stays overdue, to be seen. */
const noticeMs = 60_000;
/** No more are made then: a demo left running for weeks shall not fill the disk. */
const jobsMax = 500;

/** A running job a step further, and over when all contacts are called. */
function called(job: BatchJob, now: Date): BatchJob {
  const step = Math.max(1, Math.round((job.totalContacts / stepsOfAJob) * (0.5 + Math.random())));
  const contactsProcessed = Math.min(job.totalContacts, job.contactsProcessed + step);
  const news = contactsProcessed - job.contactsProcessed;
  const successes = Math.round(news * (0.7 + Math.random() * 0.3));
  const isOver = contactsProcessed === job.totalContacts;
  return {
    ...job,
    contactsProcessed,
    successfulCalls: job.successfulCalls + successes,
    failedCalls: job.failedCalls + news - successes,
    status: isOver ? "completed" : "running",
    completedAt: isOver ? inUtcSeconds(now) : null,
  };
}

/** A made-up job as it is when it has just been created. */
function created(index: number, now: Date): BatchJob {
  return {
    ...generateBatchJob(movingOrganizationId, now.getTime(), index, now),
    status: "scheduled",
    contactsProcessed: 0,
    successfulCalls: 0,
    failedCalls: 0,
    createdAt: inUtcSeconds(now),
    scheduledStartTime: inUtcSeconds(new Date(now.getTime() + noticeMs)),
    actualStartTime: null,
    completedAt: null,
  };
}

async function step(viewer: Viewer): Promise<void> {
  const active = withStatus(visibleBatchJobs(viewer), activeStatuses).select(batchJobColumns).limit(jobsMax);
  const { json, total } = await database()
    .selectFrom(keptCount(viewer, []).as("kept"))
    .select(["total", jobsAsJson(active).as("json")])
    .executeTakeFirstOrThrow();
  const jobs: BatchJob[] = JSON.parse(`[${json}]`);
  const now = new Date();
  const untilStartMs = (job: BatchJob) =>
    job.scheduledStartTime === null ? Infinity : Date.parse(job.scheduledStartTime) - now.getTime();
  const changed = jobs.flatMap((job): BatchJob[] => {
    if (job.status === "running") return [called(job, now)];
    const isDue = untilStartMs(job) <= 0 && untilStartMs(job) > -noticeMs;
    return isDue ? [{ ...job, status: "running", actualStartTime: inUtcSeconds(now) }] : [];
  });
  const busy = jobs.filter((job) => job.status === "running" || Math.abs(untilStartMs(job)) <= noticeMs);
  const isRoom = busy.length < busyMin && total < jobsMax;
  await writeBatchJobs(viewer, database(), isRoom ? [...changed, created(total, now)] : changed);
}

/**
 * Lets the second organization of the demo make its calls, so that the jobs page shows what it is for: made-up
 * progress of made-up jobs. The organization of the documented examples stands still.
 *
 * @returns ends it.
 */
export function keepDemoMoving(operator: Operator): () => Promise<void> {
  Operator.prove(operator);
  let isOver = false;
  let going: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    going = going
      .then(async () => {
        if (!isOver) await step(await Viewer.fromOperator(operator, movingOrganizationId));
      })
      .catch((error) => {
        // Without its database, or its organization, there is nothing left to move.
        if (!isOver) logError("the demo stands still from now on", error);
        isOver = true;
        clearInterval(timer);
      });
  }, everyMs);
  return async () => {
    isOver = true;
    clearInterval(timer);
    // A database that hangs shall not keep the program from ending.
    await Promise.race([going, delay(patienceMs)]);
  };
}
