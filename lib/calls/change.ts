import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";
import { runByViewer } from "../access/run-by-viewer";
import { type Viewer, viewerScope } from "../access/viewer";
import { parameter } from "../database/cached-statement";
import { clockTime } from "../database/clock-time";
import { HttpError } from "../http/http-error";
import { visibleCalls, visibleCallsWithJob } from "./visible";

function selectCall() {
  const callId = parameter<string>("callId");
  const batchJobId = visibleCalls(viewerScope).where("batch_calls.id", "=", callId).select("batch_job_id");
  return visibleCallsWithJob(viewerScope, sql`(${batchJobId})`)
    .where("batch_calls.id", "=", callId)
    .select(["batch_calls.id", "batch_calls.batch_job_id", "batch_calls.position", "attempt"])
    .select([
      "previous_status",
      "previous_next_retry_at",
      "dialing_at",
      "lease_until",
      "result",
      "reported_at",
    ])
    .select(["batch_calls.error_code", "batch_calls.failure_reason", "batch_calls.call_duration"])
    .select(["job.status as job_status", "retry_max_attempts", "retry_retryable_statuses"])
    .select(({ eb }) => eb("lease_until", ">", clockTime).as("is_leased"));
}

type CompiledRow<T> = T extends { executeTakeFirst(): Promise<infer Row> } ? NonNullable<Row> : never;
export type FoundCall = CompiledRow<ReturnType<typeof selectCall>>;

async function findCall(viewer: Viewer, callId: string, db: Kysely<Database>): Promise<FoundCall> {
  const [call] = await runByViewer(viewer, "call", () => selectCall().compile(), { callId }, db);
  if (!call) throw new HttpError(404, "call_not_found", "Call not found");
  return call;
}

const attemptsMax = 20;

/**
 * Reads a call and changes it. Nothing is locked in between: a change is made only if the call is as it was read
 * (update.ts), else everything happens again, a limited number of times.
 *
 * @param db a transaction, or the pool: each change is one statement.
 * @param change returns undefined when the call had changed.
 * @throws HttpError 404 for a call that the viewer cannot see, whether it exists or not; a transient Error (db/failure.ts) for
 *   one that has changed each time.
 */
export async function changeCall<T>(
  viewer: Viewer,
  callId: string,
  db: Kysely<Database>,
  change: (call: FoundCall) => Promise<T | undefined>,
): Promise<T> {
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const changed = await change(await findCall(viewer, callId, db));
    if (changed !== undefined) return changed;
  }
  // The SQLSTATE of a serialization failure.
  throw Object.assign(new Error(`The call was changed by others ${attemptsMax} times`), { code: "40001" });
}
