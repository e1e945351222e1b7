import { failBatchJob } from "@/lib/batch-jobs/fail";
import { FailRequest } from "@/lib/calls/schema";
import { routeMethods } from "@/lib/http/methods";
import { writeEndpoint } from "@/lib/http/write-endpoint";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  POST: writeEndpoint(
    { failure: "Failed to fail batch job", permission: "dial", fields: FailRequest },
    (viewer, { reason }, batchJobId, db) => failBatchJob(viewer, batchJobId, reason, db),
  ),
});
