import type { Kysely } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../access/viewer";
import { createContacts } from "../contacts/create";
import { readContacts } from "../contacts/schema";
import { batchJobId } from "../format/identifier";
import { quantity } from "../format/quantity";
import { inUtcSeconds } from "../format/time";
import { getOutboundAgent } from "../phone-numbers/find";
import { readStartTime, readTimeZone } from "./schedule";
import type { CreatedBatchJob, NewBatchJob } from "./schema";

/** The contract's assumption of a call's length. */
const minutesOfCall = 2;

/**
 * Creates a batch job with its contacts. It can be dialed immediately, or from its scheduled time on.
 *
 * @param db a transaction.
 * @throws HttpError 400 for a contact, time or phone number that can't be used, 404 for an unknown phone number, 403 for
 *   another organization than the viewer's.
 */
export async function createBatchJob(
  viewer: Viewer,
  job: NewBatchJob,
  db: Kysely<Database>,
): Promise<CreatedBatchJob> {
  viewer.require("manageBatchJobs");
  if (job.organizationId) viewer.requireOrganization(job.organizationId);
  const contacts = readContacts(job.contacts);
  const timeZone = readTimeZone(job.timezone);
  const startTime = job.scheduledStartTime === null ? null : readStartTime(job.scheduledStartTime, timeZone);
  const agentId = await getOutboundAgent(viewer, job.fromPhoneNumberId, db);
  const id = batchJobId();
  const status = startTime ? "scheduled" : "pending";
  await db
    .insertInto("batch_jobs")
    .values({
      id,
      organization_id: viewer.organizationId,
      name: job.name,
      description: job.description,
      status,
      agent_id: agentId,
      from_phone_number_id: job.fromPhoneNumberId,
      total_contacts: contacts.length,
      scheduled_start_time: startTime,
      schedule_time_zone: startTime && timeZone,
      concurrent_call_limit: job.concurrentCallLimit,
      retry_max_attempts: job.maxAttempts,
      has_contacts: true,
    })
    .execute();
  await createContacts(viewer, id, contacts, db);
  return {
    success: true,
    batchJobId: id,
    totalContacts: contacts.length,
    estimatedDuration: `${Math.ceil(contacts.length / job.concurrentCallLimit) * minutesOfCall} minutes`,
    // Calls have no price here.
    estimatedCost: "$0.00",
    status,
    scheduledStartTime: startTime && inUtcSeconds(startTime),
    message: `Batch job created with ${quantity(contacts.length, "contact")}`,
  };
}
