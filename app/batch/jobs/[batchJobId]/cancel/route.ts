import { Viewer } from "@/lib/access/viewer";
import { cancelBatchJob } from "@/lib/batch-jobs/cancel";
import { jobIdInPath } from "@/lib/batch-jobs/job-id-in-path";
import { endpoint, withHeaders } from "@/lib/http/endpoint";
import { routeMethods } from "@/lib/http/methods";
import { parseRequestQuery, WriteQuery } from "@/lib/http/parse-query";
import { withIdempotency } from "@/lib/idempotency/with-idempotency";

/** `POST /batch/jobs/{batchJobId}/cancel` of the contract. A body is ignored. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  POST: endpoint("Failed to cancel batch job", async (request) => {
    const viewer = await Viewer.forWrite(request, "manageBatchJobs");
    const { headers } = parseRequestQuery(WriteQuery, request);
    const id = jobIdInPath(request);
    const answer = await withIdempotency(viewer, request, null, (db) => cancelBatchJob(viewer, id, db));
    return withHeaders(answer, headers);
  }),
});
