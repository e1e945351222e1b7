import { BatchJobsClient } from "batch-jobs-client";

const { BATCH_JOBS_URL = "", BATCH_JOBS_API_KEY = "", BATCH_JOBS_ORGANIZATION_ID = "" } = process.env;
const client = new BatchJobsClient({ url: BATCH_JOBS_URL, apiKey: BATCH_JOBS_API_KEY });

// Last month, in UTC.
const now = new Date();
const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1));
const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()));

const failed = client.jobs({
  organizationId: BATCH_JOBS_ORGANIZATION_ID,
  status: ["failed"],
  completedFrom: from.toISOString(),
  completedTo: to.toISOString(),
});
for await (const job of failed) console.log(job.id, job.name, job.completedAt);
