import { batchJobLinks } from "@/lib/batch-jobs/links";
import { listBatchJobs } from "@/lib/batch-jobs/list";
import { ListBatchJobsQuery } from "@/lib/batch-jobs/schema";
import { serializeBatchJobList } from "@/lib/batch-jobs/serialize";
import { endpoint, json } from "@/lib/http/endpoint";
import { allow } from "@/lib/http/methods";
import { ignoredParameters, parseQuery } from "@/lib/http/parse-query";
import { Viewer } from "@/lib/viewer";

/** `GET /batch/jobs` of the contract. HEAD is Next's: the same without the body. */
export const GET = endpoint("Failed to list batch jobs", async (request) => {
  const viewer = await Viewer.fromApiKey(request.headers);
  const { searchParams } = new URL(request.url);
  const query = parseQuery(ListBatchJobsQuery, searchParams);
  const list = await listBatchJobs(viewer, query);
  return json(serializeBatchJobList(list, query), {
    Link: batchJobLinks(query, list.total),
    ...ignoredParameters(ListBatchJobsQuery, searchParams),
  });
});

const { options: OPTIONS, notAllowed } = allow("GET", "HEAD", "OPTIONS");

export { notAllowed as DELETE, notAllowed as PATCH, notAllowed as POST, notAllowed as PUT, OPTIONS };
