import { BatchJobsClient } from "batch-jobs-client";

const { BATCH_JOBS_URL = "", BATCH_JOBS_API_KEY = "" } = process.env;
const client = new BatchJobsClient({ url: BATCH_JOBS_URL, apiKey: BATCH_JOBS_API_KEY });

const { calls } = await client.claimCalls({ dialer: "example", max: 1 });
for (const call of calls) {
  // Dial only if this succeeds. Repeat it before leaseUntil for as long as the call goes on.
  await client.permitDialing(call.callId, { leaseSeconds: 300 });
  console.log(`Call ${call.phoneNumber} here.`);
  const { contact } = await client.reportResult(call.callId, { status: "completed", callDuration: 42 });
  console.log(contact.id, contact.status);
}
