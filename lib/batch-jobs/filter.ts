import { type RawBuilder, type SelectQueryBuilder, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { OrganizationScope } from "../access/viewer";
import { findPhoneNumber } from "../format/phone-number";
import type { JobsQuery } from "./address";
import { withHealthProblem } from "./conditions";
import { type Filters, rangeFields, rangeNames, type SortField } from "./schema";
import { withStatus } from "./visible";
import { isWatermark, snapshotNextXid, xidOf } from "./watermark";

type Jobs = SelectQueryBuilder<Database, "batch_jobs", object>;

/** What the fields that lists are sorted by are in the database. */
export const columnOf = {
  createdAt: "created_at",
  name: "name_search",
  scheduledStartTime: "scheduled_start_time",
  actualStartTime: "actual_start_time",
  completedAt: "completed_at",
} as const satisfies Record<Exclude<SortField, "updatedAt">, string>;

/** What sort keys and filters but `q` are about. */
export const filteredColumns = [
  ...(["id", "status", "has_contacts", "agent_id", "from_phone_number_id"] as const),
  ...Object.values(columnOf),
  ...(["updated_at", "settled_at", "updated_xid", "settled_xid"] as const),
];

/** PostgreSQL does not take all offsets that ISO 8601 has. */
const toTime = (value: string) => new Date(value);

/** The jobs that match all filters but `q`. */
export function withFilters(
  scope: OrganizationScope,
  jobs: Jobs,
  query: Filters & Pick<JobsQuery, "status" | "problem">,
): Jobs {
  let matching = withStatus(jobs, query.status);
  if (query.problem) matching = withHealthProblem(scope, matching, query.problem);
  if (query.agentId !== undefined) matching = matching.where("agent_id", "=", query.agentId);
  if (query.fromPhoneNumberId !== undefined) {
    matching = matching.where("from_phone_number_id", "=", query.fromPhoneNumberId);
  }
  for (const name of rangeNames) {
    const [from, to] = [query[`${name}From`], query[`${name}To`]];
    const column = columnOf[rangeFields[name]];
    if (from !== undefined) matching = matching.where(column, ">=", toTime(from));
    if (to !== undefined) matching = matching.where(column, "<", toTime(to));
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

/**
 * Conditions of which a job that is searched for meets one, and no job meets two: its name contains the text, or it has a
 * contact with this phone number.
 *
 * @param hasContact the condition that it has such a contact.
 */
export function searchConditions(
  q: string,
  hasContact: (phoneNumber: string) => RawBuilder<boolean>,
): RawBuilder<boolean>[] {
  const phoneNumber = findPhoneNumber(q);
  if (phoneNumber === undefined) return [nameContains(q)];
  return [nameContains(q), sql`(${hasContact(phoneNumber)} and not ${nameContains(q)})`];
}

/** Whether a job's name contains the text, in any case and without accents. */
function nameContains(q: string): RawBuilder<boolean> {
  const escaped = sql`regexp_replace(fold_text(${q}), '[\\\\%_]', '\\\\\\&', 'g')`;
  if ([...q].length >= partLengthMin) return sql`name_search like '%' || ${escaped} || '%'`;
  return sql`(name_search like ${escaped} || '%' or name_search like '% ' || ${escaped} || '%')`;
}
