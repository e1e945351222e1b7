import { Viewer } from "@/lib/access/viewer";
import { findBatchJobByApiKey } from "@/lib/batch-jobs/find";
import { FindBatchJobQuery } from "@/lib/batch-jobs/schema";
import { conditionalJson, tagJson } from "@/lib/http/conditional-json";
import { endpoint } from "@/lib/http/endpoint";
import { findIdInPath } from "@/lib/http/id-in-path";
import { routeMethods } from "@/lib/http/methods";
import { parseRequestQuery } from "@/lib/http/parse-query";

/** `GET /batch/jobs/{batchJobId}` of the contract. HEAD is answered as GET, without the body. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to get batch job detail", async (request) => {
    const { query, headers } = await Viewer.parseForApiKey(request.headers, "readBatchJobs", () =>
      parseRequestQuery(FindBatchJobQuery, request),
    );
    const answer = await findBatchJobByApiKey(request.headers, findIdInPath(request), query, (job) =>
      tagJson(request, query, job),
    );
    return conditionalJson(request, answer, headers);
  }),
});
