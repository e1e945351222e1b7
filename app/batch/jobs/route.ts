import { Viewer } from "@/lib/access/viewer";
import { batchJobLinks } from "@/lib/batch-jobs/address";
import { exportBatchJobs, isCsv, requireExportable } from "@/lib/batch-jobs/export";
import { listBatchJobsByApiKey } from "@/lib/batch-jobs/list";
import { ListBatchJobsQuery } from "@/lib/batch-jobs/schema";
import { batchJobListJson } from "@/lib/batch-jobs/serialize";
import { conditionalJson, tagJson } from "@/lib/http/conditional-json";
import { csvHeaders } from "@/lib/http/csv-export";
import { endpoint } from "@/lib/http/endpoint";
import { routeMethods } from "@/lib/http/methods";
import { parseRequestQuery } from "@/lib/http/parse-query";

/** `GET /batch/jobs` of the contract. HEAD is answered as GET, without the body. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to list batch jobs", async (request) => {
    const { query, headers } = await Viewer.parseForApiKey(request.headers, "readBatchJobs", () => {
      const parsed = parseRequestQuery(ListBatchJobsQuery, request);
      if (isCsv(parsed.query, request.headers)) requireExportable(parsed.query);
      return parsed;
    });
    if (isCsv(query, request.headers)) {
      const file = await exportBatchJobs(request.method, query, (isNewRequest) =>
        Viewer.fromApiKey(request.headers, "readBatchJobs", { isNewRequest }),
      );
      return new Response(file, {
        headers: { ...csvHeaders("batch-jobs", query.organizationId), ...headers },
      });
    }
    const answer = await listBatchJobsByApiKey(request.headers, query, (list) =>
      tagJson(request, query, batchJobListJson(list, query), {
        Link: batchJobLinks(query, { ...list, total: list.isTotalExact === false ? undefined : list.total }),
        ...(list.watermark && { "X-Next-Updated-Since": list.watermark }),
        Vary: "Accept",
      }),
    );
    return conditionalJson(request, answer, headers);
  }),
});
