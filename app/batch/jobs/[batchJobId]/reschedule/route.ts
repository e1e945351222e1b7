import { Viewer } from "@/lib/access/viewer";
import { jobIdInPath } from "@/lib/batch-jobs/job-id-in-path";
import { readSchedule, rescheduleBatchJob } from "@/lib/batch-jobs/reschedule";
import { RescheduleQuery } from "@/lib/batch-jobs/schema";
import { endpoint, withHeaders } from "@/lib/http/endpoint";
import { routeMethods } from "@/lib/http/methods";
import { parseRequestQuery } from "@/lib/http/parse-query";
import { withIdempotency } from "@/lib/idempotency/with-idempotency";

const reschedule = endpoint("Failed to reschedule batch job", async (request) => {
  const viewer = await Viewer.forWrite(request, "manageBatchJobs");
  const { query, headers } = parseRequestQuery(RescheduleQuery, request);
  // Read inside, as the time of a repeated request may have passed.
  const answer = await withIdempotency(viewer, request, query, (db) => {
    const schedule = readSchedule(query);
    return rescheduleBatchJob(viewer, jobIdInPath(request), schedule, db);
  });
  return withHeaders(answer, headers);
});

/** `PATCH /batch/jobs/{batchJobId}/reschedule` of the contract; POST is the same. A body is ignored. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  PATCH: reschedule,
  POST: reschedule,
});
