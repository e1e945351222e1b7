import { randomUUID } from "node:crypto";
import { z } from "zod";
import { createBatchJob } from "@/lib/batch-jobs/create";
import { limitCreations } from "@/lib/batch-jobs/limit-creations";
import { CreatedBatchJob } from "@/lib/batch-jobs/schema";
import { saveSkippedRows } from "@/lib/batch-jobs/skipped-rows";
import { inTransaction } from "@/lib/database/in-transaction";
import { runOnce } from "@/lib/idempotency/with-idempotency";
import { jobAddress } from "../../jobs/job-address";
import { organizationFormHandler } from "../../settings/form-handler";
import { newJobAddress } from "../address";
import { draftFields } from "../fields";
import { type NewJobBody, parseNewJobBody, readNewJobBody } from "../read-body";
import { readJob, toFieldError } from "../read-job";

/** The address names the organization, so that who may not create its jobs is answered before the file is read. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to create the job",
    page: ({ organizationId }) => newJobAddress(organizationId),
    draft: draftFields,
    fields: z.object({}),
    permission: "manageBatchJobs",
    isUpload: true,
  },
  async ({ viewer, person, request, form }) => {
    const { organizationId } = viewer;
    const start = await readNewJobBody(request);
    const { id, isReplayed, skippedRows } = await limitCreations(start.bytes.length, async () => {
      const body = await parseNewJobBody(request, start);
      Object.assign(form, body.texts, { organizationId });
      return create(viewer, body);
    }).catch((error) => {
      throw toFieldError(error);
    });
    const path = jobAddress({ organizationId, id, done: isReplayed ? "already_created" : "created" });
    if (skippedRows.length === 0) return { path };
    return { path, setCookies: [await saveSkippedRows(skippedRows, person, organizationId, `/jobs/${id}`)] };
  },
);

async function create(viewer: Parameters<typeof createBatchJob>[0], body: NewJobBody) {
  const { job, skippedRows } = await readJob(body);
  // By the page's token, a form that is sent twice creates one job. One that was changed in between creates another.
  const key = JSON.stringify([body.texts.token || randomUUID(), job]);
  const { answer, isReplayed } = await inTransaction((db) =>
    runOnce(viewer, { key, identity: "new job" }, () => createBatchJob(viewer, job, db), db),
  );
  return { id: CreatedBatchJob.parse(JSON.parse(answer)).batchJobId, isReplayed, skippedRows };
}
