import { z } from "zod";
import { identifier } from "@/lib/format/text";
import { type JobAction, type JobAddress, jobAddress } from "../jobs/job-address";
import type { Form } from "../settings/form-handler";

/** The fields of every form of a job's page. */
export const JobForm = z.object({ batchJobId: identifier, back: z.string().max(2_000).optional() });

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
