import { type Expression, type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "@/db/schema";
import { runByViewer } from "../access/run-by-viewer";
import { type OrganizationScope, type Viewer, viewerScope } from "../access/viewer";
import { parameter } from "../database/cached-statement";
import { database } from "../database/database";
import { openCalls, visibleCalls } from "./visible";

/** How long a dialer that no longer asks is remembered. */
const keptFor = sql`interval '30 days'`;
const deletedMax = 1_000;
const seenEvery = sql`interval '15 seconds'`;
/** Longer than the 30 s between a dialer's claims plus the 15 s during which no new sighting is noted. */
const seenFor = sql`interval '60 seconds'`;

/** Whether a dialer last seen at this time still counts as running. */
export const isDialerSeen = (lastSeenAt: Expression<Date | null>) =>
  sql<boolean>`coalesce(${lastSeenAt} > now() - ${seenFor}, false)`;

/**
 * The time at which a dialer of the organization last asked for calls, dialed one or extended its lease; null for never.
 * The open calls, of which there may be a thousand, are only read when none has asked lately.
 */
export const dialerLastSeenAt = (scope: OrganizationScope) => sql<Date | null>`(
  select greatest(at, case when not ${isDialerSeen(sql.ref("at"))} then (${openCalls(scope).select(
    sql`max(greatest(claimed_at, dialing_at))`.as("at"),
  )}) end)
  from (${database()
    .selectFrom("dialers")
    .where("organization_id", "=", scope.organizationId)
    .select(({ fn }) => fn.max("last_seen_at").as("at"))}) as asked
)`;

/** Selects one row: when a dialer was last seen, and whether that counts as running. */
export const selectDialerSeen = (scope: OrganizationScope) =>
  database()
    // OFFSET keeps PostgreSQL from inlining the subquery and running it once for each use.
    .selectFrom(
      database().selectNoFrom(dialerLastSeenAt(scope).as("last_seen_at")).offset(sql.lit(0)).as("dialer"),
    )
    .select(["last_seen_at", isDialerSeen(sql.ref("last_seen_at")).as("is_dialer_seen")]);

/** The open calls that one dialer has of a job, or has of all others. */
export interface OpenCalls {
  isOfJob: boolean;
  calls: number;
  /** When the last of their leases ends. */
  leaseUntil: Date;
  lastSeenAt: Date;
  isDialerSeen: boolean;
}

/** The organization's open calls, by their dialer and whether they are of this job. */
export async function findOpenCalls(viewer: Viewer, batchJobId: string): Promise<OpenCalls[]> {
  viewer.require("readBatchJobs");
  const { scope } = viewer;
  const isOfJob = sql<boolean>`batch_job_id = ${sql.val(batchJobId)}`;
  const calls = openCalls(scope)
    .select(["dialer", isOfJob.as("is_of_job"), "lease_until"])
    .select(
      sql<Date>`max(greatest(claimed_at, dialing_at, (${database()
        .selectFrom("dialers")
        .where("organization_id", "=", scope.organizationId)
        .where("name", "=", sql.ref<string>("batch_calls.dialer"))
        .select("last_seen_at")}))) over (partition by dialer)`.as("seen_at"),
    );
  return database()
    .selectFrom(calls.as("call"))
    .groupBy(["dialer", "is_of_job", "seen_at"])
    .select(["is_of_job as isOfJob", "seen_at as lastSeenAt"])
    .select(isDialerSeen(sql.ref("seen_at")).as("isDialerSeen"))
    .select(({ fn }) => fn.max("lease_until").as("leaseUntil"))
    .select(sql<number>`count(*)::integer`.as("calls"))
    .execute();
}

/** Notes that a dialer was seen, every 15 s at most. @param from has its `dialer` and `api_key_id`. */
const noteDialerOf = (scope: OrganizationScope, from: RawBuilder<unknown>) => sql`
  insert into dialers (organization_id, name, api_key_id)
  select ${scope.organizationId}, dialer, api_key_id from (${from}) as seen
  where not exists (
    select from dialers
    where organization_id = ${scope.organizationId} and name = dialer and last_seen_at > now() - ${seenEvery}
  )
  on conflict (organization_id, name) do update
  set last_seen_at = excluded.last_seen_at, api_key_id = excluded.api_key_id
`;

/**
 * Notes that a dialer has asked for work: says why nothing is dialed. Part of a statement that runByViewer runs, with the
 * parameters `dialer` and `apiKeyId`.
 */
export const noteDialer = (scope: OrganizationScope) =>
  noteDialerOf(
    scope,
    sql`select ${parameter("dialer")}::text as dialer, ${parameter("apiKeyId")}::text as api_key_id`,
  );

/** Notes that a dialer has extended the lease of a call: one whose calls are long does not ask for others meanwhile. */
export async function noteDialerOfCall(viewer: Viewer, callId: string, db: Kysely<Database>): Promise<void> {
  viewer.require("dial");
  const call = visibleCalls(viewerScope).where("id", "=", parameter<string>("callId"));
  const build = () =>
    noteDialerOf(viewerScope, sql`${call.select(["dialer", "api_key_id"])}`).compile(database());
  await runByViewer(viewer, "dialer of a call", build, { callId }, db);
}

/**
 * Forgets dialers that have not asked for long, as a dialer may have a new name with each start; but not the last one of an
 * organization, which tells for how long there has been none.
 */
export async function deleteOldDialers(): Promise<void> {
  await sql`
    delete from dialers where ctid = any (array(
      select ctid from dialers
      where last_seen_at < now() - ${keptFor} and exists (
        select from dialers as later
        where later.organization_id = dialers.organization_id and later.last_seen_at > dialers.last_seen_at
      )
      limit ${deletedMax}
    ))
  `.execute(database());
}
