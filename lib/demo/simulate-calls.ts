import { setTimeout as delay } from "node:timers/promises";
import { Operator } from "../access/operator";
import { Viewer } from "../access/viewer";
import { newestFirst, visibleBatchJobs } from "../batch-jobs/visible";
import { deleteBatchJobs, writeBatchJobs } from "../batch-jobs/write";
import { database } from "../database/database";
import { logError } from "../log";
import {
  demoOrganizationId,
  isSimulatedJob,
  secondOrganizationId,
  simulatedJobCount,
  simulatedJobs,
} from "./jobs";

const intervalMs = 3_000;
const stopTimeoutMs = 1_000;

/**
 * Writes the current simulated jobs of an organization and deletes those that they have replaced, so that the total
 * stays the documented one.
 *
 * @param written the jobs as they were last written, by id.
 * @returns the same for the next update.
 */
async function updateJobs(viewer: Viewer, written: Map<string, string>): Promise<Map<string, string>> {
  const { organizationId } = viewer;
  const jobs = simulatedJobs(organizationId, new Date());
  const next = new Map(jobs.map((job) => [job.id, JSON.stringify(job)]));
  const changed = jobs.filter(({ id }) => written.get(id) !== next.get(id));
  const [oldest] = jobs;
  if (changed.length === 0 || oldest === undefined) return next;
  await database()
    .transaction()
    .execute(async (transaction) => {
      await writeBatchJobs(viewer, transaction, changed);
      if (changed.every(({ id }) => written.has(id))) return;
      const before = await visibleBatchJobs(viewer.scope, transaction)
        .where("created_at", "<", new Date(oldest.createdAt))
        .orderBy(newestFirst("batch_jobs"))
        .select(["id", "created_at as createdAt"])
        .limit(simulatedJobCount)
        .execute();
      const replaced = before.filter((job) => isSimulatedJob(organizationId, job)).map(({ id }) => id);
      await deleteBatchJobs(viewer, transaction, replaced);
    });
  return next;
}

/**
 * Simulates the calls of both demo organizations, so that the jobs page shows progress. The two documented jobs do not
 * change.
 *
 * @returns a function that stops it.
 */
export function simulateCalls(operator: Operator): () => Promise<void> {
  Operator.prove(operator);
  const written = new Map([demoOrganizationId, secondOrganizationId].map((id) => [id, new Map()]));
  let isStopped = false;
  let isFailing = false;
  let lastUpdate: Promise<void> = Promise.resolve();
  async function update(): Promise<void> {
    if (isStopped) return;
    try {
      for (const [id, last] of written)
        written.set(id, await updateJobs(await Viewer.fromOperator(operator, id), last));
      isFailing = false;
    } catch (error) {
      if (!isStopped && !isFailing) logError("failed to update the demo's jobs", error);
      isFailing = true;
    }
  }
  const timer = setInterval(() => {
    lastUpdate = lastUpdate.then(update);
  }, intervalMs);
  return async () => {
    isStopped = true;
    clearInterval(timer);
    // Even if the database hangs.
    await Promise.race([lastUpdate, delay(stopTimeoutMs)]);
  };
}
