import { exportBatchJobs } from "@/lib/batch-jobs/export";
import { FileParameters } from "@/lib/batch-jobs/schema";
import { csvHeaders } from "@/lib/http/csv-export";
import { endpoint } from "@/lib/http/endpoint";
import { routeMethods } from "@/lib/http/methods";
import { parseQuery } from "@/lib/http/parse-query";
import { csvForPerson } from "../csv-for-person";

/** The list of the jobs page as a CSV file, whatever its page, for someone who is signed in. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to export batch jobs", async (request) => {
    const { searchParams } = new URL(request.url);
    return csvForPerson(`/jobs?${searchParams}`, async ({ authorize, date }) => {
      const query = parseQuery(FileParameters, searchParams);
      const { organizationId } = query;
      const file = await exportBatchJobs(request.method, query, (isNewRequest) =>
        authorize(isNewRequest, organizationId),
      );
      return new Response(file, { headers: csvHeaders("batch-jobs", organizationId, date) });
    });
  }),
});
