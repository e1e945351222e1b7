import { sql } from "kysely";
import type { Viewer } from "../access/viewer";
import { finalStatuses } from "../contacts/status";
import { visibleContacts } from "../contacts/visible";
import { clockSecond } from "../database/clock-time";
import { database } from "../database/database";
import { lockBatchJob } from "./lock";
import { visibleBatchJobs } from "./visible";

export interface WrongCounters {
  id: string;
  /** What is stored, and what the contacts say. */
  stored: Counters;
  counted: Counters;
  /** Whether it should have completed with its last contact. */
  isOver: boolean;
}

type Counters = Record<"total" | "successful" | "failed", number>;

/**
 * Compares the counters of the viewer's jobs with their contacts. Jobs without contacts here are left out.
 *
 * @param id to compare only this job.
 * @param db a transaction, to compare inside it.
 */
export async function findWrongCounters(
  viewer: Viewer,
  id?: string,
  db = database(),
): Promise<{ jobs: number; wrong: WrongCounters[] }> {
  viewer.require("writeBatchJobs");
  const { successful, failed } = finalStatuses;
  const counts = visibleContacts(viewer.scope, sql.ref("batch_jobs.id"), db).select(({ fn }) => [
    fn.countAll<number>().as("total"),
    fn.countAll<number>().filterWhere("status", "in", successful).as("successful"),
    fn.countAll<number>().filterWhere("status", "in", failed).as("failed"),
  ]);
  const jobs = await visibleBatchJobs(viewer.scope, db)
    .innerJoinLateral(counts.as("counted"), (join) => join.onTrue())
    .where("has_contacts", "=", true)
    .$if(id !== undefined, (query) => query.where("id", "=", id ?? ""))
    .select(["id", "status", "total_contacts", "contacts_processed", "successful_calls", "failed_calls"])
    .select(["counted.total", "counted.successful", "counted.failed"])
    .orderBy("id")
    .execute();
  const wrong = jobs.flatMap((job): WrongCounters[] => {
    const stored = { total: job.total_contacts, successful: job.successful_calls, failed: job.failed_calls };
    const [total, successful, failed] = [job.total, job.successful, job.failed].map(Number) as [
      number,
      number,
      number,
    ];
    const processed = successful + failed;
    const isOver = job.status === "running" && processed === total;
    const isRight =
      stored.total === total &&
      stored.successful === successful &&
      stored.failed === failed &&
      job.contacts_processed === processed;
    return isRight && !isOver ? [] : [{ id: job.id, stored, counted: { total, successful, failed }, isOver }];
  });
  return { jobs: jobs.length, wrong };
}

/** Counts the contacts of a job again. A running job without contacts left completes. */
export async function repairCounters(viewer: Viewer, id: string): Promise<void> {
  viewer.require("writeBatchJobs");
  await database()
    .transaction()
    .execute(async (db) => {
      await lockBatchJob(viewer, id, db);
      const [job] = (await findWrongCounters(viewer, id, db)).wrong;
      if (!job) return;
      const { total, successful, failed } = job.counted;
      await db
        .updateTable("batch_jobs")
        .set({
          total_contacts: total,
          contacts_processed: successful + failed,
          successful_calls: successful,
          failed_calls: failed,
        })
        .$if(job.isOver, (update) => update.set({ status: "completed", completed_at: clockSecond }))
        .where("organization_id", "=", viewer.organizationId)
        .where("id", "=", id)
        .execute();
    });
}
