import { ApiError, BatchJobsClient } from "batch-jobs-client";

const { BATCH_JOBS_URL = "", BATCH_JOBS_API_KEY = "" } = process.env;
const client = new BatchJobsClient({ url: BATCH_JOBS_URL, apiKey: BATCH_JOBS_API_KEY });

try {
  // Retries are safe: the client sends an Idempotency-Key.
  const job = await client.createBatchJob({
    name: "January Renewal Campaign",
    fromPhoneNumberId: "phone_ghi789",
    contacts: [{ phone: "+12025550101", name: "John Smith", plan: "Premium" }],
    scheduledStartTime: "2030-02-28T09:00:00",
    timezone: "America/New_York",
  });
  console.log(job.batchJobId, job.status, job.scheduledStartTime);
} catch (error) {
  if (!(error instanceof ApiError)) throw error;
  console.error(error.code, error.message, error.requestId);
}
