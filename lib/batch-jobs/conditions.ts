import { type SelectQueryBuilder, sql } from "kysely";
import type { Database } from "@/db/schema";
import type { OrganizationScope } from "../access/viewer";
import { dialerLastSeenAt, isDialerSeen } from "../calls/dialers";
import { contactsNotDialed, isAny } from "../calls/due";
import { openCalls } from "../calls/visible";
import { visibleContacts } from "../contacts/visible";
import { statementTime } from "../database/clock-time";
import { type HealthProblem, overdueAfterMs, stalledAfterMs } from "./health";
import { hasNotStarted } from "./visible";

// Conditions about the job of the table batch_jobs in the query around them.

type Jobs<O = object> = SelectQueryBuilder<Database, "batch_jobs", O>;

const ago = (ms: number) => sql<Date>`now() - make_interval(secs => ${ms / 1_000})`;
const jobId = sql.ref<string>("batch_jobs.id");

const retries = (scope: OrganizationScope) =>
  visibleContacts(scope, jobId).where("next_retry_at", "is not", null);

const dialedCalls = (scope: OrganizationScope) =>
  openCalls(scope)
    .where("batch_job_id", "=", jobId)
    .where("dialing_at", "is not", null)
    .where("lease_until", ">", sql<Date>`now()`);

const firstRetry = (scope: OrganizationScope) =>
  retries(scope).select("next_retry_at").orderBy("next_retry_at").limit(sql.lit(1));

/** Whether all contacts that are left wait for the time of their retry, or a call is being dialed. */
const isDialingOrWaiting = (scope: OrganizationScope) => sql<boolean>`(
  ((${firstRetry(scope)}) > ${statementTime}) is true
    and ${isAny(contactsNotDialed(scope, "batch_jobs"), "position")} is not true
  or (${dialedCalls(scope).select(sql.lit(true).as("is")).orderBy("position").limit(sql.lit(1))}) is true
)`;

/** The time of a running job's last change. */
export const changedAt = sql<Date>`greatest(updated_at, actual_start_time)`;

/** Whether a running job is stalled: unchanged for ten minutes, without a call being dialed or a retry that explains it. */
export const isStalled = (scope: OrganizationScope) => sql<boolean>`(
  ${changedAt} <= ${ago(stalledAfterMs)} and not (has_contacts and ${isDialingOrWaiting(scope)})
)`;

/**
 * The estimated end of a running job at its pace: now + elapsed time ÷ processed × remaining contacts, and not before the
 * last planned retry. null for less than one contact in ten minutes.
 */
export const endAtPace = (scope: OrganizationScope) => sql<Date | null>`
  case
    when status = 'running' and contacts_processed > 0 and now() > actual_start_time
      and (now() - actual_start_time) / contacts_processed <= make_interval(secs => ${stalledAfterMs / 1_000})
    then least(
      greatest(
        now() + (now() - actual_start_time) / contacts_processed * (total_contacts - contacts_processed),
        (${retries(scope).select(({ fn }) => fn.max("next_retry_at").as("at"))})
      ),
      timestamptz '9999-12-31 23:59:59Z'
    )
  end
`;

/**
 * The estimated end of a job that the API and pages show: `endAtPace`, but null for a stalled job, and while no dialer is
 * seen. findActivity gives it for many jobs at once.
 */
export const estimatedEnd = (scope: OrganizationScope) => sql<Date | null>`
  case
    when status = 'running' and (not has_contacts or ${isDialerSeen(dialerLastSeenAt(scope))}) and not ${isStalled(scope)}
    then ${endAtPace(scope)}
  end
`;

/** The jobs with a health problem, by the rules of healthOf in health.ts. */
export function withHealthProblem<O>(
  scope: OrganizationScope,
  jobs: Jobs<O>,
  problem: HealthProblem,
): Jobs<O> {
  return problem === "overdue"
    ? jobs.where(hasNotStarted).where("scheduled_start_time", "<=", ago(overdueAfterMs))
    : jobs.where("status", "=", "running").where(isStalled(scope));
}
