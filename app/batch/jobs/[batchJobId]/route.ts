import { Viewer } from "@/lib/access/viewer";
import { findBatchJobByApiKey } from "@/lib/batch-jobs/find";
import { FindBatchJobQuery } from "@/lib/batch-jobs/schema";
import { conditionalJson } from "@/lib/http/conditional-json";
import { endpoint } from "@/lib/http/endpoint";
import { findIdInPath } from "@/lib/http/id-in-path";
import { routeMethods } from "@/lib/http/methods";
import { ignoredParameters, parseQuery, refuseUnknownParameters } from "@/lib/http/parse-query";
import { prefersStrict, strictApplied } from "@/lib/http/prefer";

/** `GET /batch/jobs/{batchJobId}` of the contract. HEAD is answered as GET, without the body. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to get batch job detail", async (request) => {
    const { searchParams } = new URL(request.url);
    const isStrict = prefersStrict(request.headers);
    const query = await Viewer.parseForApiKey(request.headers, "readBatchJobs", () => {
      if (isStrict) refuseUnknownParameters(FindBatchJobQuery, searchParams);
      return parseQuery(FindBatchJobQuery, searchParams);
    });
    const job = await findBatchJobByApiKey(request.headers, findIdInPath(request), query);
    const headers = isStrict ? strictApplied : ignoredParameters(FindBatchJobQuery, searchParams);
    return conditionalJson(request, query, job, headers);
  }),
});
