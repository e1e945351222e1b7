import type { Selectable } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { visibleCalls } from "./visible";

/** A contact that dialers claim and lose again and again has any number of calls. */
export const listedCallsMax = 50;

const columns = [
  "id",
  "attempt",
  "dialer",
  "claimed_at",
  "dialing_at",
  "ended_at",
  "result",
  "error_code",
  "failure_reason",
  "call_duration",
  "room_name",
] as const;

export type ListedCall = Pick<Selectable<Database["batch_calls"]>, (typeof columns)[number]>;

/** The last calls to a contact, newest first. */
export async function listCalls(
  viewer: Viewer,
  { batchJobId, position }: { batchJobId: string; position: number },
): Promise<ListedCall[]> {
  viewer.require("readBatchJobs");
  return visibleCalls(viewer.scope)
    .where("batch_job_id", "=", batchJobId)
    .where("position", "=", position)
    .orderBy("claimed_at", "desc")
    .orderBy("id", "desc")
    .limit(listedCallsMax)
    .select(columns)
    .execute();
}
