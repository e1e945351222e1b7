import pLimit from "p-limit";
import { Viewer } from "@/lib/access/viewer";
import { createBatchJob } from "@/lib/batch-jobs/create";
import { NewBatchJob } from "@/lib/batch-jobs/schema";
import { endpoint } from "@/lib/http/endpoint";
import { parseJsonBody, readUpload } from "@/lib/http/json-body";
import { routeMethods } from "@/lib/http/methods";
import { parseFields } from "@/lib/http/parse-fields";
import { ignoredParameters } from "@/lib/http/parse-query";
import { prefersStrict, strictApplied } from "@/lib/http/prefer";
import { withIdempotency } from "@/lib/idempotency/with-idempotency";

// A body of 10 MB takes several times as much memory until it is inserted. Next bundles this file more than once.
const shared = globalThis as { batchJobsCreations?: ReturnType<typeof pLimit> };
shared.batchJobsCreations ??= pLimit(2);
const limitCreations = shared.batchJobsCreations;

/** `POST /batch/create` of the contract, with JSON. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  POST: endpoint("Failed to create batch job", async (request) => {
    const viewer = await Viewer.fromApiKey(request.headers, "manageBatchJobs");
    const bytes = await readUpload(request);
    return limitCreations(() => create(viewer, request, bytes));
  }),
});

async function create(viewer: Viewer, request: Request, bytes: Buffer): Promise<Response> {
  const body = parseJsonBody(request, bytes);
  const isStrict = prefersStrict(request.headers);
  const job = parseFields(isStrict ? NewBatchJob.strict() : NewBatchJob, body);
  const response = await withIdempotency(viewer, request, body, (db) => createBatchJob(viewer, job, db));
  const names = new URLSearchParams(Object.keys(body).map((name) => [name, ""]));
  const headers = isStrict ? strictApplied : ignoredParameters(NewBatchJob, names);
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}
