import { readFile, writeFile } from "node:fs/promises";
import { BatchJobsClient } from "batch-jobs-client";

const { BATCH_JOBS_URL = "", BATCH_JOBS_API_KEY = "" } = process.env;
const client = new BatchJobsClient({ url: BATCH_JOBS_URL, apiKey: BATCH_JOBS_API_KEY });

await writeFile("contacts.csv", "phone,name,plan\n+12025550101,John Smith,Premium\n");
const form = {
  name: "January Renewal Campaign",
  fromPhoneNumberId: "phone_ghi789",
  file: new Blob([await readFile("contacts.csv")]),
  scheduledStartTime: "2030-02-28T09:00:00",
  timezone: "America/New_York",
};
const job = await client.createBatchJobFromCsv(form, { include: ["skippedRows"] });
console.log(job.batchJobId, job.totalContacts, job.skippedRows);
