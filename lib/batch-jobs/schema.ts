import { z } from "zod";
import { Contact, contactStatuses, isContactStatus } from "../contacts/schema";
import { identifier, identifierPattern, text } from "../format/text";
import { quoted } from "../http/quoted";
import { parseCursor, watermarkPattern } from "./cursor";
import { type BatchJobStatus, batchJobStatuses } from "./status";

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

/** A list, as `a,b` or repeated. */
const listOf = <const T extends string>(name: string, words: readonly T[]) =>
  z
    .array(z.string())
    .transform((values) => values.flatMap((value) => value.split(",")))
    .transform((values, context) => {
      const wrong = values.find((value) => !words.some((word) => word === value));
      if (wrong === undefined) return [...new Set(values)] as T[];
      const message = `Invalid ${name}: ${quoted(wrong)} is not one of ${words.join(", ")}`;
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    });

const statusList = listOf("status", batchJobStatuses);

const count = z.int().min(0).max(2_147_483_647);
/** Years that ISO 8601 writes with four digits, and that the database's constraint takes. */
const [earliest, latest] = [Date.UTC(1970, 0, 1), Date.UTC(10_000, 0, 1) - 1];
const time = z.iso
  .datetime({ offset: true, error: "must be an ISO 8601 time with its zone, like 2025-02-28T14:00:05Z" })
  .refine((value) => {
    const milliseconds = Date.parse(value);
    return milliseconds >= earliest && milliseconds <= latest;
  }, "must be from 1970 to 9999, in UTC");

const organizationIdRule =
  "Invalid organizationId: must be given once, 1 to 128 characters of A-Z a-z 0-9 _ -";

/** What `sort` orders by. Jobs without the time come last; `-` before it is descending. */
export const sortFields = [
  "createdAt",
  "name",
  "scheduledStartTime",
  "actualStartTime",
  "completedAt",
  "updatedAt",
] as const;
export type SortField = (typeof sortFields)[number];
export type Sort = SortField | `-${SortField}`;
export const sortDefault: Sort = "-createdAt";
export const sorts: Sort[] = sortFields.flatMap((field): Sort[] => [field, `-${field}`]);

/** What `include` adds to the answer. */
export const includable = ["statusCounts", "health", "updatedAt"] as const;
export type Included = (typeof includable)[number];

/** The times with a range of parameters: `createdFrom` (inclusive) and `createdTo` (exclusive), and so on. */
export const rangeNames = ["created", "scheduled", "started", "completed"] as const;

const oneOf = <const T extends string>(name: string, words: readonly T[]) =>
  z.array(z.string()).transform((values, context) => {
    const word = words.find((one) => one === values[0]);
    if (word !== undefined && values.length === 1) return word;
    const message = `Invalid ${name}: must be given once, one of ${words.join(", ")}${got(values)}`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });

/** Text to look for, which may have anything that stored text may have. */
const searchText = (name: string, max: number) =>
  once(
    (value) => text(1, max).safeParse(value).success,
    (values) =>
      `Invalid ${name}: must be given once, 1 to ${max} characters without control characters, one of them visible${got(values)}`,
  ).optional();

/** With an offset, as `2025-02-28` alone is another instant in each time zone. */
const instant = (name: string, alternative = "") =>
  once(
    (value) => time.safeParse(value).success || (alternative !== "" && watermarkPattern.test(value)),
    (values) =>
      `Invalid ${name}: must be given once, ${alternative}an ISO 8601 time from 1970 to 9999 with its offset, like 2025-02-28T14:00:05Z${got(values)}`,
  ).optional();

/** The query of the jobs page, and most of that of `GET /batch/jobs`, from lists of values by name. */
export const JobsParameters = z.object({
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
  q: searchText("q", 200),
  agentId: searchText("agentId", 128),
  fromPhoneNumberId: searchText("fromPhoneNumberId", 128),
  createdFrom: instant("createdFrom"),
  createdTo: instant("createdTo"),
  scheduledFrom: instant("scheduledFrom"),
  scheduledTo: instant("scheduledTo"),
  startedFrom: instant("startedFrom"),
  startedTo: instant("startedTo"),
  completedFrom: instant("completedFrom"),
  completedTo: instant("completedTo"),
  updatedSince: instant("updatedSince", "the X-Next-Updated-Since of an earlier answer, or "),
  sort: oneOf("sort", sorts).default(sortDefault),
});
export type JobsParameters = z.infer<typeof JobsParameters>;

/** The filters that the stored counts do not know. */
export const filterNames = [
  "q",
  "agentId",
  "fromPhoneNumberId",
  ...rangeNames.flatMap((name) => [`${name}From`, `${name}To`] as const),
  "updatedSince",
] as const;

/** Filters that a list can have, beside its statuses. */
export type Filters = Partial<Pick<JobsParameters, (typeof filterNames)[number]>>;

/** Whether the stored counts give the list's total and the start of each of its pages. */
export function isCounted(query: Filters & Pick<JobsParameters, "sort">): boolean {
  return query.sort === sortDefault && filterNames.every((name) => query[name] === undefined);
}

/** Identifies a list to its cursors: the organization, the filters and the sort. */
export function listKey(query: JobsParameters): string {
  const { organizationId, status, sort } = query;
  return JSON.stringify([
    organizationId,
    status.toSorted(),
    sort,
    ...filterNames.map((name) => query[name] ?? null),
  ]);
}

/** @returns undefined for a cursor that is not one of this list. */
export function positionOf(cursor: string, query: JobsParameters) {
  return parseCursor(cursor, listKey(query), !query.sort.endsWith("name"));
}

/** Pages of a list that is not counted begin before this job: skipping more would take too long. */
export const reachMax = 10_000;

/**
 * The query of `GET /batch/jobs`, from lists of values by name (see lib/http/parse-query.ts). Each message about a
 * documented parameter begins with the contract's detail for it.
 */
export const ListBatchJobsQuery = JobsParameters.extend({
  cursor: once(
    () => true,
    (values) => `Invalid cursor: must be given once${got(values)}`,
  ).optional(),
  total: oneOf("total", ["none"]).optional(),
  include: listOf("include", includable).default([]).meta({ isList: true }),
  format: oneOf("format", ["json", "csv"]).optional(),
  bom: oneOf("bom", ["0", "1"]).optional(),
}).superRefine((query, context) => {
  const refuse = (name: string, message: string) =>
    context.addIssue({ code: "custom", path: [name], message: `Invalid ${name}: ${message}` });
  const { cursor, page, pageSize } = query;
  for (const name of rangeNames) {
    const [from, to] = [query[`${name}From`], query[`${name}To`]];
    if (from !== undefined && to !== undefined && Date.parse(to) < Date.parse(from)) {
      refuse(`${name}To`, `must not be before ${name}From; got ${quoted(to)}`);
    }
  }
  if (cursor !== undefined && page > 1) refuse("page", "cannot be combined with cursor");
  if (!isCounted(query) && (page - 1) * pageSize >= reachMax) {
    refuse(
      "page",
      `with these parameters, pages reach the first ${reachMax} jobs; use cursor to get all of them`,
    );
  }
  if (cursor !== undefined && cursor !== "" && positionOf(cursor, query) === undefined) {
    refuse("cursor", `must be one of an earlier answer to the same filters and sort${got([cursor])}`);
  }
});
export type ListBatchJobsQuery = z.infer<typeof ListBatchJobsQuery>;

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

const statusCounts = Object.fromEntries(batchJobStatuses.map((status) => [status, count])) as Record<
  BatchJobStatus,
  typeof count
>;

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
export const contactsPageSizeDefault = 50;

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
    .default(contactsPageSizeDefault)
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
/** The health of a job that has not ended; null when there is nothing to say. */
export const Health = z.strictObject({
  state: z.enum(["overdue", "stalled", "onTrack"]),
  /** Since when it is overdue or stalled. */
  since: time.nullable(),
  /** Of a job that is on track. */
  estimatedCompletionTime: time.nullable(),
});
export type Health = z.infer<typeof Health>;

/** The answer when other than the documented parameters are used. */
export const BatchJobSearch = z.strictObject({
  batchJobs: z.array(BatchJob.extend({ updatedAt: time.optional(), health: Health.nullable().optional() })),
  /** Not with `total=none`. */
  total: count.optional(),
  /** Whether `total` is the number of all jobs; otherwise there are more. */
  totalIsExact: z.boolean().optional(),
  /** By status, under the other filters; null when more than 10,000 jobs match these. */
  statusCounts: z.strictObject(statusCounts).nullable().optional(),
  /** Not with `cursor`. */
  page: z.int().min(1).max(pageMax).optional(),
  pageSize: z.int().min(1).max(pageSizeMax),
  /** With `cursor`; null on the last page. */
  nextCursor: z.string().nullable().optional(),
});
export type BatchJobSearch = z.infer<typeof BatchJobSearch>;
