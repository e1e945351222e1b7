import { sql } from "kysely";
import type { Viewer } from "../access/viewer";
import { openCallsByJob } from "../calls/due";
import { database } from "../database/database";
import { changedAt, dialerHeardAt, endAtPace, isAnyDialerHeard, isStalled } from "./conditions";
import type { JobActivity } from "./health";
import { activeStatuses } from "./status";
import { hasNotStarted, newestFirst, visibleBatchJobs } from "./visible";

/** Only so many jobs of each status are checked for contacts, which imported ones do not have here. */
const checkedMax = 1_000;

export interface Activity {
  /** By id, of jobs that are not over or have calls that are not. */
  jobs: Map<string, JobActivity>;
  /** Since when jobs of the organization wait for any dialer; null when there never was one. */
  silentSince?: Date | null;
}

/** Whether any job of the organization has contacts that a dialer could get. */
function isAnyDue(viewer: Viewer) {
  const jobs = visibleBatchJobs(viewer.scope);
  const [running, pending] = (["running", "pending"] as const).map((status) =>
    jobs.where("status", "=", status).orderBy(newestFirst("batch_jobs")),
  );
  const overdue = jobs
    .where(hasNotStarted)
    .where("scheduled_start_time", "<=", sql<Date>`now()`)
    .orderBy("scheduled_start_time", "desc");
  const all = [running, pending, overdue].flatMap((some) =>
    some
      ? [
          sql<boolean>`exists (
          select from (${some.limit(sql.lit(checkedMax)).select("has_contacts")}) as checked where has_contacts
        )`,
        ]
      : [],
  );
  return sql<boolean>`(${sql.join(all, sql` or `)})`;
}

/**
 * What dialers do with jobs, in one statement whose cost does not grow with the number of the organization's jobs.
 *
 * @param ids of the jobs that are shown.
 */
export async function findActivity(viewer: Viewer, ids: string[]): Promise<Activity> {
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
  const dialers = database().selectNoFrom([
    isAnyDialerHeard(scope).as("is_heard"),
    dialerHeardAt(scope).as("heard_at"),
    isAnyDue(viewer).as("is_any_due"),
  ]);
  const rows = await database()
    .selectFrom(dialers.as("dialers"))
    .leftJoin(jobs.as("job"), (join) => join.onTrue())
    .select(["is_heard", "heard_at", "is_any_due"])
    .select(["job.id", "has_contacts", "calls", "changed_at", "end_at_pace", "is_stalled", "is_due"])
    .execute();
  const [first] = rows;
  if (!first) throw new Error("The statement gives at least one row");
  const silence = first.is_heard ? undefined : first.heard_at;
  const isAnyShownDue = rows.some(({ is_due }) => is_due);
  const found = rows.flatMap(({ id, ...job }): [string, JobActivity][] => {
    if (id === null) return [];
    const hasContacts = job.has_contacts ?? false;
    const end = job.is_stalled || (hasContacts && !job.is_heard) ? null : job.end_at_pace;
    return [
      [
        id,
        {
          hasContacts,
          openCalls: job.calls ?? 0,
          ...(job.is_stalled && { stalledSinceMs: job.changed_at?.getTime() }),
          ...(end && { estimatedEndMs: end.getTime() }),
          ...(job.is_due && silence !== undefined && { silentSinceMs: silence?.getTime() ?? null }),
        },
      ],
    ];
  });
  return { jobs: new Map(found), silentSince: first.is_any_due || isAnyShownDue ? silence : undefined };
}
