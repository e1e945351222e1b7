import { rescheduleBatchJob } from "@/lib/batch-jobs/reschedule";
import { readStartTime, readTimeZone } from "@/lib/batch-jobs/schedule";
import { inTransaction } from "@/lib/database/in-transaction";
import { clearDraft } from "@/lib/http/form-draft";
import { LocalTime } from "../../components/local-time";
import { organizationFormHandler } from "../../settings/form-handler";
import { JobForm, jobDone, jobPage } from "../job-form";

const RescheduleForm = JobForm.extend(LocalTime.shape);

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to reschedule the job",
    page: jobPage("reschedule"),
    draft: ["date", "time", "timeZone"],
    fields: RescheduleForm,
    permission: "manageBatchJobs",
  },
  async ({ viewer, fields }) => {
    const timeZone = readTimeZone(fields.timeZone);
    const startTime = readStartTime(`${fields.date}T${fields.time}`, timeZone);
    await inTransaction((db) => rescheduleBatchJob(viewer, fields.batchJobId, { startTime, timeZone }, db));
    const { path } = jobDone(viewer.organizationId, fields, "rescheduled");
    // The draft's cookie is for the page, so that it is not sent here.
    return { path, setCookies: [clearDraft(path)] };
  },
);
