import { setTimeout as delay } from "node:timers/promises";
import { Operator } from "../access/operator";
import { Viewer } from "../access/viewer";
import { newestFirst, visibleBatchJobs } from "../batch-jobs/visible";
import { deleteBatchJobs, writeBatchJobs } from "../batch-jobs/write";
import { database } from "../database/database";
import { logError } from "../log";
import { documentedOrganizationId, isOfDemo, movingCount, movingJobs, secondOrganizationId } from "./jobs";

const everyMs = 3_000;
const patienceMs = 1_000;

/**
 * Writes how the moving jobs of an organization stand now, and deletes those that they have replaced: a demo that is
 * left running for weeks shall not fill the disk, and its total stays the documented one.
 *
 * @param written the jobs as they were written last, by id.
 * @returns the same for the next time.
 */
async function step(viewer: Viewer, written: Map<string, string>): Promise<Map<string, string>> {
  const { organizationId } = viewer;
  const jobs = movingJobs(organizationId, new Date());
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
        .select(["id", "created_at as createdAt"])
        .orderBy(newestFirst())
        .limit(movingCount)
        .execute();
      const replaced = before.filter((job) => isOfDemo(organizationId, job)).map(({ id }) => id);
      await deleteBatchJobs(viewer, transaction, replaced);
    });
  return next;
}

/**
 * Lets both organizations of the demo make their calls, so that the jobs page shows what it is for: made-up progress of
 * made-up jobs. The two documented jobs stand still.
 *
 * @returns ends it.
 */
export function keepDemoMoving(operator: Operator): () => Promise<void> {
  Operator.prove(operator);
  const written = new Map([documentedOrganizationId, secondOrganizationId].map((id) => [id, new Map()]));
  let isOver = false;
  let isFailing = false;
  let going: Promise<void> = Promise.resolve();
  async function stepAll(): Promise<void> {
    if (isOver) return;
    try {
      for (const [id, last] of written)
        written.set(id, await step(await Viewer.fromOperator(operator, id), last));
      isFailing = false;
    } catch (error) {
      if (!isOver && !isFailing) logError("the demo's jobs did not move", error);
      isFailing = true;
    }
  }
  const timer = setInterval(() => {
    going = going.then(stepAll);
  }, everyMs);
  return async () => {
    isOver = true;
    clearInterval(timer);
    // A database that hangs shall not keep the program from ending.
    await Promise.race([going, delay(patienceMs)]);
  };
}
