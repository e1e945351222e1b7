import { BatchJobsClient } from "batch-jobs-client";

const { BATCH_JOBS_URL = "", BATCH_JOBS_API_KEY = "" } = process.env;
const client = new BatchJobsClient({ url: BATCH_JOBS_URL, apiKey: BATCH_JOBS_API_KEY });
const [, , id = ""] = process.argv; // of a batch job

const started = await client.startBatchJob(id);
console.log(started.message, started.startedAt);

// Calls under way end normally.
const cancelled = await client.cancelBatchJob(id);
console.log(cancelled.message, cancelled.contactsCancelled);
