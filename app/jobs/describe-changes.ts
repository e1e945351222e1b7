import { newJobsMax } from "@/lib/batch-jobs/displayed-job";
import { type BatchJobStatus, batchJobStatuses } from "@/lib/batch-jobs/status";
import { quantity } from "@/lib/format/quantity";
import { statusLabel } from "../components/status-badge";
import type { JobsSnapshot } from "./jobs-snapshot";

/** More changes than this are announced as numbers. */
const namedMax = 3;

/** The announcement for screen readers: new statuses and new jobs, not every call. */
export function describeChanges(before: JobsSnapshot, next: JobsSnapshot): string {
  const statusBefore = new Map(before.jobs.map(({ id, status }) => [id, status]));
  const changed = next.jobs.filter(({ id, status }) => statusBefore.get(id) !== status);
  const label = (status: BatchJobStatus) => statusLabel(status).toLowerCase();
  const sentences =
    changed.length <= namedMax
      ? changed.map(({ name, status }) => `${name}: ${label(status)}.`)
      : batchJobStatuses
          .map((status) => [status, changed.filter((job) => job.status === status).length] as const)
          .filter(([, count]) => count > 0)
          .map(([status, count]) => `${quantity(count, "job")}: ${label(status)}.`);
  if (next.newJobs > before.newJobs) sentences.push(`${describeNewJobs(next.newJobs)}.`);
  return sentences.join(" ");
}

export function describeNewJobs(count: number): string {
  if (count > newJobsMax) return `More than ${newJobsMax} new jobs`;
  return quantity(count, "new job");
}
