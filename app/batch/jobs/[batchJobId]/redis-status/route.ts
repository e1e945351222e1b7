import { Viewer } from "@/lib/access/viewer";
import { idInPath } from "@/lib/batch-jobs/id-in-path";
import { findRedisStatus } from "@/lib/batch-jobs/redis-status";
import { endpoint, json } from "@/lib/http/endpoint";
import { routeMethods } from "@/lib/http/methods";

/** `GET /batch/jobs/{batchJobId}/redis-status` of the contract. HEAD is Next's: the same without the body. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to get Redis job status", async (request) => {
    const viewer = await Viewer.fromApiKey(request.headers, "readBatchJobs");
    return json(await findRedisStatus(viewer, idInPath(request)));
  }),
});
