import type { Kysely } from "kysely";
import type { Database } from "@/db/schema";
import { runByViewer } from "../access/run-by-viewer";
import { type Viewer, viewerScope } from "../access/viewer";
import { parameter } from "../database/cached-statement";
import { clockTime } from "../database/clock-time";
import { HttpError } from "../http/http-error";
import { visibleCalls } from "./visible";

const selectCall = () =>
  visibleCalls(viewerScope)
    .innerJoin("batch_jobs as job", (join) =>
      join
        .onRef("job.organization_id", "=", "batch_calls.organization_id")
        .onRef("job.id", "=", "batch_calls.batch_job_id"),
    )
    .where("batch_calls.id", "=", parameter<string>("callId"))
    .select([
      "batch_calls.id",
      "batch_calls.batch_job_id",
      "batch_calls.position",
      "attempt",
      "previous_status",
    ])
    .select(["previous_next_retry_at", "dialing_at", "lease_until", "result", "reported_at"])
    .select(["batch_calls.error_code", "batch_calls.failure_reason", "batch_calls.call_duration"])
    .select(["job.status as job_status", "retry_max_attempts", "retry_retryable_statuses"])
    .select(({ eb }) => eb("lease_until", ">", clockTime).as("is_leased"));

type CompiledRow<T> = T extends { executeTakeFirst(): Promise<infer Row> } ? NonNullable<Row> : never;
export type FoundCall = CompiledRow<ReturnType<typeof selectCall>>;

async function findCall(viewer: Viewer, callId: string, db: Kysely<Database>): Promise<FoundCall> {
  const [call] = await runByViewer(viewer, "call", () => selectCall().compile(), { callId }, db);
  if (!call) throw new HttpError(404, "call_not_found", "Call not found");
  return call;
}

/**
 * Reads a call and changes it. Nothing is locked in between: a change is made only if the call is as it was read
 * (update.ts), else everything happens again.
 *
 * @param db a transaction, or the pool: each change is one statement.
 * @param change returns undefined when the call had changed.
 * @throws HttpError 404 for a call that the viewer cannot see, whether it exists or not.
 */
export async function changeCall<T>(
  viewer: Viewer,
  callId: string,
  db: Kysely<Database>,
  change: (call: FoundCall) => Promise<T | undefined>,
): Promise<T> {
  for (;;) {
    const changed = await change(await findCall(viewer, callId, db));
    if (changed !== undefined) return changed;
  }
}
