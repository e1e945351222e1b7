import { type RawBuilder, type SelectQueryBuilder, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { JobsQuery } from "./address";
import { type Filters, rangeNames } from "./schema";
import { withHealthProblem, withStatus } from "./visible";
import { isWatermark, snapshotNextXid, xidOf } from "./watermark";

type Jobs = SelectQueryBuilder<Database, "batch_jobs", object>;

const rangeColumns = {
  created: "created_at",
  scheduled: "scheduled_start_time",
  started: "actual_start_time",
  completed: "completed_at",
} as const;

/** PostgreSQL does not take all offsets that ISO 8601 has. */
const toTime = (value: string) => new Date(value);

/** The jobs that match all filters but `q`. */
export function withFilters(jobs: Jobs, query: Filters & Pick<JobsQuery, "status" | "problem">): Jobs {
  let matching = withStatus(jobs, query.status);
  if (query.problem) matching = withHealthProblem(matching, query.problem);
  if (query.agentId !== undefined) matching = matching.where("agent_id", "=", query.agentId);
  if (query.fromPhoneNumberId !== undefined) {
    matching = matching.where("from_phone_number_id", "=", query.fromPhoneNumberId);
  }
  for (const name of rangeNames) {
    const [from, to] = [query[`${name}From`], query[`${name}To`]];
    if (from !== undefined) matching = matching.where(rangeColumns[name], ">=", toTime(from));
    if (to !== undefined) matching = matching.where(rangeColumns[name], "<", toTime(to));
  }
  return query.updatedSince === undefined ? matching : withChanges(matching, query.updatedSince);
}

/** The conditions on indexed columns are also true of all running jobs (db/migrations/0006-batch-job-search.ts). */
function withChanges(jobs: Jobs, updatedSince: string): Jobs {
  if (!isWatermark(updatedSince)) {
    const since = toTime(updatedSince);
    return jobs.where("settled_at", ">=", since).where("updated_at", ">=", since);
  }
  const since = sql<string>`${xidOf(updatedSince)}::bigint`;
  return (
    jobs
      .where("settled_xid", ">=", since)
      .where("updated_xid", ">=", since)
      // Jobs from a dump of another server may have numbers that this one has not reached.
      .where("updated_xid", "<", sql<string>`(select ${snapshotNextXid}::bigint)`)
  );
}

/** Trigrams, which find a part of a name, have three characters; shorter ones can be found at the beginning of a word. */
const partLengthMin = 3;

/** Whether a job's name contains the text, in any case and without accents. */
export function nameContains(q: string): RawBuilder<boolean> {
  const escaped = sql`regexp_replace(fold_text(${q}), '[\\\\%_]', '\\\\\\&', 'g')`;
  if ([...q].length >= partLengthMin) return sql`name_search like '%' || ${escaped} || '%'`;
  return sql`(name_search like ${escaped} || '%' or name_search like '% ' || ${escaped} || '%')`;
}
