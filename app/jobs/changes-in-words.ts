import { statusWord } from "../parts/status-badge";
import type { Standing } from "./live-jobs";

/** What a screen reader shall say of a change: new statuses and new jobs, not every call. */
export function changesInWords(before: Standing, next: Standing): string {
  const statusBefore = new Map(before.jobs.map(({ id, status }) => [id, status]));
  const sentences = next.jobs
    .filter(({ id, status }) => statusBefore.get(id) !== status)
    .map(({ name, status }) => `${name}: ${statusWord(status).toLowerCase()}.`);
  if (next.newJobs > before.newJobs) sentences.push(`${newJobsInWords(next.newJobs)}.`);
  return sentences.join(" ");
}

/** @param count at most one more than are counted (lib/batch-jobs/refresh.ts). */
export function newJobsInWords(count: number): string {
  if (count > 100) return "More than 100 new jobs";
  return count === 1 ? "1 new job" : `${count} new jobs`;
}
