import { readFile, writeFile } from "node:fs/promises";
import { BatchJobsClient } from "batch-jobs-client";

const { BATCH_JOBS_URL = "", BATCH_JOBS_API_KEY = "", BATCH_JOBS_ORGANIZATION_ID = "" } = process.env;
const client = new BatchJobsClient({ url: BATCH_JOBS_URL, apiKey: BATCH_JOBS_API_KEY });

// All jobs the first time, then those that have changed since: run it as often as you like. Some may come again.
const updatedSince = await readFile("updated-since.txt", "utf8").catch(() => undefined);
const changed = client.jobs({ organizationId: BATCH_JOBS_ORGANIZATION_ID, sort: "updatedAt", updatedSince });
for await (const job of changed) console.log(job.id, job.name, job.status);
await writeFile("updated-since.txt", changed.nextUpdatedSince ?? "");
