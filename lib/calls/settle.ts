import type { Kysely } from "kysely";
import type { Database } from "@/db/schema";
import { Viewer } from "../access/viewer";
import { lockBatchJob } from "../batch-jobs/lock";
import { statementTime } from "../database/clock-time";
import { database } from "../database/database";
import { isTransient } from "../database/retry-read";
import { logError } from "../log";
import { endCall, giveBack, setOutcome } from "./end";
import { type CallPlace, lockContact, readCall } from "./lock";

const batchMax = 500;

/**
 * Settles calls whose lease has ended, of all organizations. A contact that was not dialed becomes what it was before; one
 * that was is over, as nobody knows whether it was reached, until its dialer reports after all.
 *
 * Each call has a transaction of its own: one for many would lock contacts of several jobs, and deadlock with others that
 * do. Any number of instances can do this at once: who comes second finds the call settled.
 *
 * @returns whether there may be more.
 */
export async function settleLapsedCalls(): Promise<boolean> {
  const lapsed = await database()
    .selectFrom("batch_calls")
    .where("ended_at", "is", null)
    .where("lease_until", "<=", statementTime)
    .orderBy("lease_until")
    .limit(batchMax)
    .select(["organization_id", "id", "batch_job_id", "position"])
    .execute();
  for (const { organization_id, ...place } of lapsed) {
    const viewer = Viewer.fromServer(organization_id);
    try {
      await database()
        .transaction()
        .execute((db) => settleCall(viewer, place, db));
    } catch (error) {
      if (isTransient(error)) throw error;
      // One that cannot be settled must not keep the others.
      logError("failed to settle a call", error, { callId: place.id });
    }
  }
  return lapsed.length === batchMax;
}

async function settleCall(viewer: Viewer, place: CallPlace, db: Kysely<Database>): Promise<void> {
  await lockBatchJob(viewer, place.batch_job_id, db);
  await lockContact(viewer, place, db);
  const call = await readCall(viewer, place, db);
  if (call.result !== null || call.is_leased) return;
  if (call.dialing_at === null) {
    await endCall(viewer, place, { result: "lapsed" }, db);
    await giveBack(viewer, call, undefined, db);
  } else {
    await endCall(viewer, place, { result: "no_report" }, db);
    const failureReason = "The dialer did not report how the call ended";
    const outcome = { status: "failed", isOver: true, failureReason } as const;
    await setOutcome(viewer, call, outcome, { errorCode: "no_report", isCounted: false }, db);
  }
}
