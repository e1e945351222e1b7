import { startBatchJob } from "@/lib/batch-jobs/start";
import { inTransaction } from "@/lib/database/in-transaction";
import { organizationFormHandler } from "../../settings/form-handler";
import { JobForm, jobDone, jobPage } from "../job-form";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to start the job",
    page: jobPage(),
    fields: JobForm,
    permission: "manageBatchJobs",
  },
  async ({ viewer, fields }) => {
    await inTransaction((db) => startBatchJob(viewer, fields.batchJobId, db));
    return jobDone(viewer.organizationId, fields, "started");
  },
);
