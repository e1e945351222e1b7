import type { BatchJobStatus } from "@/lib/batch-jobs/status";
import type { JobsSnapshot } from "./jobs-snapshot";

/**
 * How many jobs a list has by now that it had not at its start, although they may be old: started ones in a
 * list of running jobs, imported ones. Those that left its filter or are gone are allowed for.
 *
 * @param list how many jobs it had, and the statuses it shows.
 */
export function countNewMatches(
  { counts, jobs }: JobsSnapshot,
  goneIds: ReadonlySet<string>,
  { total, statuses }: { total: number; statuses: BatchJobStatus[] },
): number {
  const byNow = statuses.reduce((sum, status) => sum + counts[status], 0);
  const left = jobs.filter(({ id, status }) => goneIds.has(id) || !statuses.includes(status)).length;
  return Math.max(0, byNow - (total - left));
}
