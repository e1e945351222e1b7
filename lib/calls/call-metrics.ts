import { sql } from "kysely";
import { withTimeBudget } from "@/db/time-budget";
import { database } from "../database/database";
import { isTransient } from "../database/retry-read";
import { logError } from "../log";

const timeoutMs = 1_000;

/** As many jobs that have not ended are read at most, so that many that are scheduled for later don't make it slow. */
const jobsReadMax = 5_000;

/** The calls of all organizations together, for the operator. */
interface CallMetrics {
  callsInProgress: number;
  jobsDue: number;
  /** Since any dialer was last seen; null when there never was one. */
  dialerLastSeenSeconds: number | null;
}

let pending: Promise<CallMetrics | undefined> | undefined;

/**
 * Reads the metrics from PostgreSQL, for at most a second; concurrent calls share one statement.
 *
 * @returns undefined when PostgreSQL can't be asked.
 */
export function readCallMetrics(): Promise<CallMetrics | undefined> {
  pending ??= read().finally(() => {
    pending = undefined;
  });
  return pending;
}

/** Each part reads an index of open calls or of jobs that have not ended, however many others there are. */
async function read(): Promise<CallMetrics | undefined> {
  const statement = sql<CallMetrics>`
    select
      (select count(*)::integer from batch_calls where ended_at is null) as "callsInProgress",
      (
        select (count(*) filter (where status <> 'scheduled' or scheduled_start_time <= now()))::integer
        from (
          select status, scheduled_start_time from batch_jobs
          where has_contacts and status in ('pending', 'scheduled', 'running')
          -- The order of the index batch_jobs_dialable, without which the whole table may be read.
          order by organization_id, created_at, id
          limit ${sql.lit(jobsReadMax)}
        ) as job
      ) as "jobsDue",
      (select extract(epoch from now() - max(last_seen_at))::float8 from dialers) as "dialerLastSeenSeconds"
  `;
  try {
    const { rows } = await withTimeBudget(timeoutMs, () => statement.execute(database()));
    return rows[0];
  } catch (error) {
    // A database that is away is in the log of the requests, and of the readiness checks.
    if (!isTransient(error)) logError("failed to read the metrics of calls", error, { requestId: undefined });
    return undefined;
  }
}
