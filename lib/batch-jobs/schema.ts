import { z } from "zod";
import { identifier, identifierPattern, text } from "../format/text";
import { quoted } from "../http/quoted";
import { type BatchJobStatus, batchJobStatuses, isBatchJobStatus } from "./status";

export type { BatchJobStatus };
export { batchJobStatuses };

export const pageMax = 1_000_000_000;
export const pageSizeMax = 100;
export const pageSizeDefault = 20;

/** A parameter that may come once at most; `message` answers everything that is wrong with its values. */
const once = (isRight: (value: string) => boolean, message: (values: string[]) => string) =>
  z.array(z.string()).transform((values, context) => {
    const [value] = values;
    if (value !== undefined && values.length === 1 && isRight(value)) return value;
    context.addIssue({ code: "custom", message: message(values) });
    return z.NEVER;
  });

/** The end of a message: what was given instead. */
const got = (values: string[]) =>
  values.length > 1 ? `; got it ${values.length} times` : `; got ${quoted(values[0] ?? "")}`;

/**
 * Decimal digits only: no sign, space, exponent, hex or full-width digit.
 *
 * @param sentence the documented answer to a number out of bounds, which is given as it is. To anything else that is
 *   wrong, the given value is added.
 * @param rest the bound that the sentence leaves out.
 */
const digits = (min: number, max: number, sentence: string, rest = "") =>
  once(
    (value) => /^[0-9]+$/.test(value) && Number(value) >= min && Number(value) <= max,
    (values) => {
      const number = values.length === 1 && /^-?[0-9]+$/.test(values[0] ?? "") ? Number(values[0]) : NaN;
      const isSaid = number < min || (number > max && rest === "");
      return isSaid ? sentence : `${sentence}${rest}, in decimal digits${got(values)}`;
    },
  ).transform(Number);

const statusList = z
  .array(z.string())
  .transform((values) => values.flatMap((value) => value.split(",")))
  .transform((values, context) => {
    const wrong = values.find((value) => !isBatchJobStatus(value));
    if (wrong === undefined) return [...new Set(values.filter(isBatchJobStatus))];
    const message = `Invalid status: ${quoted(wrong)} is not one of ${batchJobStatuses.join(", ")}`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });

const organizationIdRule =
  "Invalid organizationId: must be given once, 1 to 128 characters of A-Z a-z 0-9 _ -";

/**
 * The query of `GET /batch/jobs` and of the jobs page, from lists of values by name (see
 * lib/http/parse-query.ts). Each message begins with the contract's detail for that parameter.
 */
export const ListBatchJobsQuery = z.object({
  organizationId: z.array(z.string(), { error: "Missing organizationId: say whose batch jobs to list" }).pipe(
    once(
      (value) => identifierPattern.test(value),
      (values) => organizationIdRule + got(values),
    ),
  ),
  status: statusList.default([]).meta({ isList: true }),
  page: digits(1, pageMax, "Invalid page number: must be >= 1", ` and <= ${pageMax}`).default(1),
  pageSize: digits(1, pageSizeMax, `Invalid page size: must be between 1 and ${pageSizeMax}`).default(
    pageSizeDefault,
  ),
});
export type ListBatchJobsQuery = z.infer<typeof ListBatchJobsQuery>;

const count = z.int().min(0).max(2_147_483_647);
/** Years that ISO 8601 writes with four digits, and that the database's constraint takes. */
const [earliest, latest] = [Date.UTC(1970, 0, 1), Date.UTC(10_000, 0, 1) - 1];
const time = z.iso
  .datetime({ offset: true, error: "must be an ISO 8601 time with its zone, like 2025-02-28T14:00:05Z" })
  .refine((value) => {
    const milliseconds = Date.parse(value);
    return milliseconds >= earliest && milliseconds <= latest;
  }, "must be from 1970 to 9999, in UTC");

/**
 * A batch job as the contract writes it: these 17 keys, nothing else. The bounds are those of the
 * database's constraints (db/migrations/0003-batch-jobs.ts).
 */
export const BatchJob = z.strictObject({
  id: identifier,
  name: text(1, 200),
  description: text(0, 1_000, { lines: true }).nullable(),
  status: z.enum(batchJobStatuses),
  organizationId: identifier,
  agentId: text(1, 128),
  fromPhoneNumberId: text(1, 128),
  totalContacts: count,
  contactsProcessed: count,
  successfulCalls: count,
  failedCalls: count,
  scheduledStartTime: time.nullable(),
  actualStartTime: time.nullable(),
  completedAt: time.nullable(),
  createdAt: time,
  concurrentCallLimit: z.int().min(1).max(50),
  retryPolicy: z.strictObject({
    maxAttempts: z.int().min(1).max(10),
    retryableStatuses: z
      .array(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, "must be a word like no_answer"))
      .max(20),
  }),
});
export type BatchJob = z.infer<typeof BatchJob>;

/** The contract's answer to a list request. */
export const BatchJobList = z.strictObject({
  batchJobs: z.array(BatchJob),
  total: count,
  page: z.int().min(1).max(pageMax),
  pageSize: z.int().min(1).max(pageSizeMax),
});
export type BatchJobList = z.infer<typeof BatchJobList>;
