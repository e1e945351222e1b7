import { isDatabaseUnreachable } from "@/db/failure";
import { Viewer } from "../access/viewer";
import { statementTime } from "../database/clock-time";
import { database } from "../database/database";
import { isTransient } from "../database/retry-read";
import { logError } from "../log";
import { changeCall } from "./change";
import { noReport } from "./status";
import { endCall, releaseCall } from "./update";

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
    .select(["organization_id", "batch_job_id", "id"])
    .execute();
  let settled = 0;
  /** Jobs that another transaction has locked for long, whose other calls would wait as long. */
  const lockedJobs = new Set<string>();
  for (const { organization_id, batch_job_id, id } of lapsed) {
    const job = `${organization_id}/${batch_job_id}`;
    if (lockedJobs.has(job)) continue;
    const viewer = Viewer.fromServer(organization_id);
    try {
      await settleCall(viewer, id);
      settled++;
    } catch (error) {
      if (isDatabaseUnreachable(error)) throw error;
      // One that cannot be settled must not keep the others.
      if (isTransient(error)) lockedJobs.add(job);
      logError("failed to settle a call", error, { callId: id });
    }
  }
  return settled > 0 && lapsed.length === batchMax;
}

function settleCall(viewer: Viewer, callId: string): Promise<unknown> {
  const db = database();
  return changeCall(viewer, callId, db, async (call) => {
    if (call.result !== null || call.is_leased) return call;
    if (call.dialing_at === null) {
      return releaseCall(viewer, call, { result: "lapsed", isReported: false }, undefined, db);
    }
    const outcome = { status: "failed", ...noReport, isOver: true } as const;
    return endCall(viewer, call, { result: "no_report", isReported: false }, outcome, false, db);
  });
}
