import { sql } from "kysely";
import type { Viewer } from "../access/viewer";
import { selectDialerSeen } from "../calls/dialers";
import { isAnyDialable, openCallsByJob } from "../calls/due";
import { database } from "../database/database";
import { changedAt, endAtPace, isStalled } from "./conditions";
import type { JobActivity } from "./health";
import { activeStatuses } from "./status";
import { visibleBatchJobs } from "./visible";

export interface Activity {
  /** What dialers do with each job that has not ended or has open calls, by the job's id. */
  jobs: Map<string, JobActivity>;
  /**
   * When a dialer was last seen, if jobs of the organization wait for one: null if there never was one, undefined if none
   * waits. Only with `ofOrganization`.
   */
  noDialerSince?: Date | null;
}

/**
 * What dialers do with jobs, in one statement. Its cost does not grow with the number of the organization's jobs, except
 * that of those scheduled for later if no dialer is seen.
 *
 * @param ids of the jobs that are shown.
 * @param options.ofOrganization whether to say since when any jobs of the organization wait for a dialer.
 */
export async function findActivity(
  viewer: Viewer,
  ids: string[],
  { ofOrganization = false } = {},
): Promise<Activity> {
  viewer.require("readBatchJobs");
  const { scope } = viewer;
  const jobs = visibleBatchJobs(scope)
    .leftJoin(openCallsByJob(scope).as("open"), "open.batch_job_id", "batch_jobs.id")
    .where("id", "=", sql<string>`any(${ids}::text[])`)
    .where(({ or, eb }) => or([eb("status", "in", activeStatuses), eb("open.calls", ">", 0)]))
    .select([
      "id",
      "has_contacts",
      "open.calls",
      changedAt.as("changed_at"),
      endAtPace(scope).as("end_at_pace"),
    ])
    .select([
      sql<boolean>`status = 'running' and ${isStalled(scope)}`.as("is_stalled"),
      sql<boolean>`has_contacts and (
        status in ('pending', 'running') or status = 'scheduled' and scheduled_start_time <= now()
      )`.as("is_due"),
    ]);
  const isAnyDue = ofOrganization
    ? sql<boolean>`case when is_dialer_seen then false else ${isAnyDialable(scope)} end`
    : sql<boolean>`false`;
  const rows = await database()
    .selectFrom(selectDialerSeen(scope).as("dialer"))
    .leftJoin(jobs.as("job"), (join) => join.onTrue())
    .select(["is_dialer_seen", "last_seen_at", isAnyDue.as("is_any_due")])
    .select(["job.id", "has_contacts", "calls", "changed_at", "end_at_pace", "is_stalled", "is_due"])
    .execute();
  const [first] = rows;
  if (!first) throw new Error("The statement gives at least one row");
  const noDialerSince = first.is_dialer_seen ? undefined : first.last_seen_at;
  const found = rows.flatMap(({ id, ...job }): [string, JobActivity][] => {
    if (id === null) return [];
    const hasContacts = job.has_contacts ?? false;
    const end = job.is_stalled || (hasContacts && !job.is_dialer_seen) ? null : job.end_at_pace;
    return [
      [
        id,
        {
          hasContacts,
          openCalls: job.calls ?? 0,
          ...(job.is_stalled && { stalledSinceMs: job.changed_at?.getTime() }),
          ...(end && { estimatedEndMs: end.getTime() }),
          ...(job.is_due &&
            noDialerSince !== undefined && { noDialerSinceMs: noDialerSince?.getTime() ?? null }),
        },
      ],
    ];
  });
  return { jobs: new Map(found), noDialerSince: first.is_any_due ? noDialerSince : undefined };
}
