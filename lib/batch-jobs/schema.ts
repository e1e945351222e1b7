import { z } from "zod";
import { Contact, contactStatuses, isContactStatus } from "../contacts/schema";
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

/** Where a message names the field, and what was given instead. */
const wholeNumber = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int(error).min(min, error).max(max, error);
};

/**
 * The body of `POST /batch/create`. Contacts and times, which have documented errors of their own, are read by
 * readContacts and readSchedule.
 */
export const NewBatchJob = z.object({
  contacts: z.array(z.unknown(), "must be an array of objects, each with a phone"),
  fromPhoneNumberId: identifier,
  name: text(1, 200),
  description: text(0, 1_000, { lines: true }).nullable().default(null),
  concurrentCallLimit: wholeNumber(1, 50).default(5),
  maxAttempts: wholeNumber(1, 10).default(3),
  scheduledStartTime: z.string("must be a string, or null").nullable().default(null),
  timezone: z.string("must be the name of a time zone").default("UTC"),
});
export type NewBatchJob = z.infer<typeof NewBatchJob>;

export const contactsPageSizeMax = 500;

/** The query of `GET /batch/jobs/{batchJobId}`. */
export const FindBatchJobQuery = z.object({
  contactStatus: once(isContactStatus, (values) => {
    return `Invalid contact status filter value: must be one of ${contactStatuses.join(", ")}${got(values)}`;
  })
    .transform((status) => z.enum(contactStatuses).parse(status))
    .optional(),
  contactsPage: digits(1, pageMax, "Invalid page number: must be >= 1", ` and <= ${pageMax}`)
    .default(1)
    .meta({ code: "page" }),
  contactsPageSize: digits(
    1,
    contactsPageSizeMax,
    `Invalid page size: must be between 1 and ${contactsPageSizeMax}`,
  )
    .default(50)
    .meta({ code: "page_size" }),
});
export type FindBatchJobQuery = z.infer<typeof FindBatchJobQuery>;

/** The query of `PATCH /batch/jobs/{batchJobId}/reschedule`, of which readSchedule makes a time. */
export const RescheduleQuery = z.object({
  scheduledStartTime: z.array(z.string()).default([]),
  timezone: z.array(z.string()).default(["UTC"]),
});

/** A batch job with its contacts: the contract's keys, nothing else. */
export const BatchJobDetail = z.strictObject({
  ...BatchJob.shape,
  statusBreakdown: z.partialRecord(z.enum(contactStatuses), count.min(1)),
  estimatedCompletionTime: time.nullable(),
  contacts: z.array(Contact),
  contactsTotal: count,
  contactsPage: z.int().min(1).max(pageMax),
  contactsPageSize: z.int().min(1).max(contactsPageSizeMax),
  contactsHasMore: z.boolean(),
});
export type BatchJobDetail = z.infer<typeof BatchJobDetail>;

export const CreatedBatchJob = z.strictObject({
  success: z.literal(true),
  batchJobId: identifier,
  totalContacts: count.min(1),
  estimatedDuration: z.string().regex(/^\d+ minutes$/),
  estimatedCost: z.string().regex(/^\$\d+\.\d\d$/),
  status: z.enum(["pending", "scheduled"]),
  scheduledStartTime: time.nullable(),
  message: z.string(),
});
export type CreatedBatchJob = z.infer<typeof CreatedBatchJob>;

export const StartedBatchJob = z.strictObject({
  success: z.literal(true),
  message: z.enum(["Cancelled scheduled job, starting immediately", "Starting immediately"]),
  batchJobId: identifier,
  status: z.literal("running"),
  contactsEnqueued: count,
  redisJobCancelled: z.boolean(),
  startedAt: time,
});
export type StartedBatchJob = z.infer<typeof StartedBatchJob>;

export const CancelledBatchJob = z.strictObject({
  success: z.literal(true),
  message: z.enum([
    "Scheduled job cancelled successfully",
    "Pending job cancelled successfully",
    "Job was already running - cancelled remaining contacts",
  ]),
  batchJobId: identifier,
  redisJobCancelled: z.boolean(),
  contactsCancelled: count,
});
export type CancelledBatchJob = z.infer<typeof CancelledBatchJob>;

export const RescheduledBatchJob = z.strictObject({
  success: z.literal(true),
  message: z.enum(["Rescheduled successfully (old job cancelled)", "Scheduled successfully"]),
  batchJobId: identifier,
  scheduledStartTime: time,
  status: z.literal("scheduled"),
  oldJobCancelled: z.boolean(),
  newScheduledJobId: z.string().min(1),
});
export type RescheduledBatchJob = z.infer<typeof RescheduledBatchJob>;

export const RedisStatus = z.strictObject({
  batchJobId: identifier,
  databaseStatus: z.enum(batchJobStatuses),
  scheduledJobId: z.string().min(1).nullable(),
  scheduledStartTime: time.nullable(),
  redisJobInfo: z
    .strictObject({
      job_id: z.string().min(1),
      in_defer_queue: z.literal(false),
      job_metadata_exists: z.literal(true),
      scheduled_time: time.nullable(),
      note: z.string(),
    })
    .nullable(),
});
export type RedisStatus = z.infer<typeof RedisStatus>;
