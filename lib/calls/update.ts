import { type Kysely, type RawBuilder, type Selectable, sql } from "kysely";
import type { Database } from "@/db/schema";
import { runByViewer } from "../access/run-by-viewer";
import { type Viewer, viewerScope } from "../access/viewer";
import { updateCounters } from "../batch-jobs/update-counters";
import type { Contact } from "../contacts/schema";
import { contactAsJson, contactColumns } from "../contacts/serialize";
import { parameter } from "../database/cached-statement";
import { clockTime, timeIn } from "../database/clock-time";
import { database } from "../database/database";
import type { FoundCall } from "./change";
import type { Outcome } from "./outcome";
import { retryableStatuses } from "./status";
import { visibleCallsWithJob } from "./visible";

// Each change of a call is one statement, which locks the call and what changes with it in the one order that keeps
// transactions from waiting for each other: job, contact, call. It sees the locked rows as they are after a wait, and does
// nothing if the call, or the status of its job, is no longer as it was read.

const { organizationId } = viewerScope;
/** The results of calls that were not connected. */
const unconnected: Ending["result"][] = [...retryableStatuses, "blocked", "invalid_number", "carrier_error"];

const setRoomName = sql`room_name = coalesce(${parameter("roomName")}, room_name)`;
const retryAt = timeIn(parameter<number | null>("retryAfterSeconds"));

/** Selects the call as it was read, and locks it. */
function lockedCall(locked: "with job" | "alone") {
  const jobId = parameter<string>("batchJobId");
  const contactAndCall = ["contact", "batch_calls"] as const;
  return (
    visibleCallsWithJob(viewerScope, jobId)
      .innerJoin("batch_contacts as contact", (join) =>
        join
          .on("contact.organization_id", "=", organizationId)
          .on("contact.batch_job_id", "=", jobId)
          .on("contact.position", "=", parameter<number>("position")),
      )
      .where("batch_calls.id", "=", parameter<string>("callId"))
      .where("lease_until", "=", parameter<Date>("leaseUntil"))
      .where("dialing_at", "is not distinct from", parameter<Date | null>("dialingAt"))
      .where("result", "is not distinct from", parameter<FoundCall["result"]>("result"))
      .$if(locked === "with job", (query) =>
        query.where("job.status", "=", parameter<FoundCall["job_status"]>("jobStatus")),
      )
      .select("batch_calls.id as call_id")
      // In this order. Unlike FOR UPDATE, it does not wait for transactions that insert contacts or calls.
      .forNoKeyUpdate(locked === "alone" ? contactAndCall : ["job", ...contactAndCall])
  );
}

// Each row is found by its primary key alone. In a join, PostgreSQL would choose an index by statistics, which know nothing
// of the first calls, and go on reading all of them until it has analyzed the table.
const updateCall = (set: RawBuilder<unknown>) => sql`
  update batch_calls set ${setRoomName}, ${set} from locked
  where organization_id = ${organizationId} and id = ${parameter("callId")}
`;
const updateContact = (set: RawBuilder<unknown>) => sql`
  update batch_contacts set ${set} from locked
  where organization_id = ${organizationId} and batch_job_id = ${parameter("batchJobId")}
    and position = ${parameter("position")}
`;

/** The values by which lockedCall tells whether a call is as it was read. */
const asRead = (call: FoundCall) => ({
  callId: call.id,
  batchJobId: call.batch_job_id,
  position: call.position,
  leaseUntil: call.lease_until,
  dialingAt: call.dialing_at,
  result: call.result,
  jobStatus: call.job_status,
});

/**
 * Lets a call be dialed, or extends the lease of one that is. A cancelled job has cancelled the call, so that its row need
 * not be locked.
 *
 * @returns until when the call is leased; undefined when it is not as it was read.
 */
export async function updateDialing(
  viewer: Viewer,
  call: FoundCall,
  values: { leaseSeconds: number; roomName?: string },
  db: Kysely<Database>,
): Promise<Date | undefined> {
  const build = () => {
    const setCall = sql`
      lease_until = ${timeIn(parameter("leaseSeconds"))}, dialing_at = coalesce(dialing_at, ${clockTime})
    `;
    const setContact = sql`
      ${setRoomName}, status = 'dialing', attempt_count = ${parameter("attempt")},
      last_attempt_at = case when ${parameter("dialingAt")}::timestamptz is null then ${clockTime} else last_attempt_at end
    `;
    return sql<{ lease_until: Date }>`
      with locked as (${lockedCall("alone")}),
      call as (${updateCall(setCall)} returning lease_until),
      contact as (${updateContact(setContact)})
      select lease_until from call
    `.compile(database());
  };
  const given = { ...asRead(call), roomName: null, ...values, attempt: call.attempt };
  const [updated] = await runByViewer(viewer, "dialing call", build, given, db);
  return updated?.lease_until;
}

/** How a call has ended, as it is stored. */
interface Ending {
  result: NonNullable<Selectable<Database["batch_calls"]>["result"]>;
  isReported: boolean;
  errorCode?: string | null;
  failureReason?: string | null;
  callDuration?: number | null;
  roomName?: string | null;
}

const noDetails = { errorCode: null, failureReason: null, callDuration: null, roomName: null };

/** Ends a call, or corrects how it ended: when it ended stays. */
const setEnded = () => sql`
  result = ${parameter("ending")}, ended_at = coalesce(ended_at, ${clockTime}),
  reported_at = case when ${parameter("isReported")}::boolean then ${clockTime} else reported_at end,
  error_code = ${parameter("errorCode")}, failure_reason = ${parameter("failureReason")},
  call_duration = ${parameter("callDuration")}
`;
const selectContact = () =>
  sql`select ${contactAsJson(sql`${parameter("maxAttempts")}::integer`)} as contact from contact`;
const returningContact = sql`returning ${sql.join(contactColumns.map((one) => (typeof one === "string" ? sql.ref(one) : one)))}`;

/**
 * Ends a call that was not dialed: its contact is what it was before the claim.
 *
 * @param retryAfterSeconds until it can be claimed again; undefined for when it could be before.
 * @returns undefined when the call is not as it was read.
 */
export async function releaseCall(
  viewer: Viewer,
  call: FoundCall,
  { result, ...ending }: Ending,
  retryAfterSeconds: number | undefined,
  db: Kysely<Database>,
): Promise<Contact | undefined> {
  const build = () => {
    const setContact = sql`
      status = ${parameter("previousStatus")},
      next_retry_at = coalesce(${retryAt}, ${parameter("previousNextRetryAt")}::timestamptz)
    `;
    return sql<{ contact: Contact }>`
      with locked as (${lockedCall("with job")}),
      call as (${updateCall(setEnded())}),
      contact as (${updateContact(setContact)} ${returningContact})
      ${selectContact()}
    `.compile(database());
  };
  const given = {
    ...{ ...asRead(call), ...noDetails, ...ending, ending: result, maxAttempts: call.retry_max_attempts },
    previousStatus: call.previous_status,
    previousNextRetryAt: call.previous_next_retry_at,
    retryAfterSeconds: retryAfterSeconds ?? null,
  };
  return (await runByViewer(viewer, "call released", build, given, db))[0]?.contact;
}

/**
 * Ends a call that was dialed, and counts its contact once it is over.
 *
 * @param isCounted whether the contact is counted already, as failed.
 * @returns undefined when the call is not as it was read.
 */
export async function endCall(
  viewer: Viewer,
  call: FoundCall,
  { result, ...ending }: Ending,
  outcome: Outcome,
  isCounted: boolean,
  db: Kysely<Database>,
): Promise<Contact | undefined> {
  const build = () => {
    const setContact = sql`
      room_name = case when ${parameter("isConnected")}::boolean then coalesce(${parameter("roomName")}, room_name) end,
      status = ${parameter("status")}, error_code = ${parameter("outcomeErrorCode")},
      failure_reason = ${parameter("outcomeReason")}, call_duration = ${parameter("callDuration")},
      next_retry_at = ${retryAt},
      completed_at = case when ${parameter("isOver")}::boolean then coalesce(completed_at, ${clockTime}) end
    `;
    return sql<{ contact: Contact }>`
      with locked as (${lockedCall("with job")}),
      call as (${updateCall(setEnded())}),
      contact as (${updateContact(setContact)} ${returningContact}),
      job as (${updateCounters(viewerScope, "locked")})
      ${selectContact()}
    `.compile(database());
  };
  const given = {
    ...{ ...asRead(call), ...noDetails, ...ending, ending: result, maxAttempts: call.retry_max_attempts },
    ...{ status: outcome.status, outcomeErrorCode: outcome.errorCode, outcomeReason: outcome.failureReason },
    retryAfterSeconds: outcome.isOver ? null : outcome.retryAfterSeconds,
    isOver: outcome.isOver,
    isConnected: !unconnected.includes(result),
    ...changeOfCounters(outcome, isCounted),
  };
  return (await runByViewer(viewer, "call ended", build, given, db))[0]?.contact;
}

function changeOfCounters({ isOver, status }: Outcome, isCounted: boolean) {
  const isSuccessful = status === "completed";
  if (!isOver) return { successful: 0, failed: 0 };
  if (isCounted) return isSuccessful ? { successful: 1, failed: -1 } : { successful: 0, failed: 0 };
  return isSuccessful ? { successful: 1, failed: 0 } : { successful: 0, failed: 1 };
}
