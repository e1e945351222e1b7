import { z } from "zod";
import { identifier } from "@/lib/format/text";
import { type JobAction, type JobAddress, jobAddress } from "../jobs/job-address";
import type { Form } from "../settings/form-handler";

/** The fields of every form of a job's page. */
export const JobForm = z.object({ batchJobId: identifier, back: z.string().max(2_000).optional() });

/** A local time, as the inputs of a browser send it. */
export const LocalTime = z.object({
  date: z.string().regex(/^\d{4}-\d\d-\d\d$/, "must be a date like 2027-03-01"),
  time: z.string().regex(/^\d\d:\d\d(:\d\d)?$/, "must be a time like 10:30"),
  timeZone: z.string(),
});

/** The page of the job that a form names. @param action the form that is open there. */
export const jobPage =
  (action?: JobAction) =>
  ({ organizationId = "", batchJobId: id = "", back }: Form) =>
    jobAddress({ organizationId, id, back, action });

/** Where to go after a success. */
export function jobDone(
  organizationId: string,
  { batchJobId: id, back }: z.infer<typeof JobForm>,
  done: JobAddress["done"],
) {
  return { path: jobAddress({ organizationId, id, back, done }) };
}
