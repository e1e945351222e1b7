import { Viewer } from "@/lib/access/viewer";
import { jobIdInPath } from "@/lib/batch-jobs/job-id-in-path";
import { findRedisStatus } from "@/lib/batch-jobs/redis-status";
import { endpoint, json } from "@/lib/http/endpoint";
import { routeMethods } from "@/lib/http/methods";
import { NoQuery, parseRequestQuery } from "@/lib/http/parse-query";

/** `GET /batch/jobs/{batchJobId}/redis-status` of the contract. HEAD is answered as GET, without the body. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to get Redis job status", async (request) => {
    const viewer = await Viewer.fromApiKey(request.headers, "readBatchJobs");
    const { headers } = parseRequestQuery(NoQuery, request);
    return json(await findRedisStatus(viewer, jobIdInPath(request)), headers);
  }),
});
