import { z } from "zod";
import {
  Contact,
  contactJsonSchema,
  contactStatuses,
  contactsMax,
  isContactStatus,
} from "../contacts/schema";
import { identifier, identifierPattern, text } from "../format/text";
import { wholeNumber } from "../format/whole-number";
import { WriteQuery } from "../http/parse-query";
import { quoted } from "../http/quoted";
import { parseCursor, watermarkPattern } from "./cursor";
import { healthProblems } from "./health";
import { type BatchJobStatus, batchJobStatuses } from "./status";

export type { BatchJobStatus };
export { batchJobStatuses };

export const pageMax = 1_000_000_000;
export const pageSizeMax = 100;
export const pageSizeDefault = 20;

// In the metadata of a parameter, `parameter` is the JSON Schema of its value and `description` says what it does, both for
// lib/openapi. A schema's own JSON Schema would be that of a list of strings.

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
  )
    .transform(Number)
    .meta({ parameter: { type: "integer", minimum: min, maximum: max } });

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
    })
    .meta({ parameter: { type: "array", items: { type: "string", enum: words } } });

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

/** What `include` adds to the response. */
const includable = ["statusCounts", "health", "updatedAt"] as const;
export type Included = (typeof includable)[number];

/** The times with a range of parameters: `createdFrom` (inclusive) and `createdTo` (exclusive), and so on. */
export const rangeNames = ["created", "scheduled", "started", "completed"] as const;

/** The field that each range is of. */
export const rangeFields = {
  created: "createdAt",
  scheduled: "scheduledStartTime",
  started: "actualStartTime",
  completed: "completedAt",
} as const satisfies Record<(typeof rangeNames)[number], SortField>;

const oneOf = <const T extends string>(name: string, words: readonly T[]) =>
  z
    .array(z.string())
    .transform((values, context) => {
      const word = words.find((one) => one === values[0]);
      if (word !== undefined && values.length === 1) return word;
      const message = `Invalid ${name}: must be given once, one of ${words.join(", ")}${got(values)}`;
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    })
    .meta({ parameter: { type: "string", enum: words } });

/** Text to look for, which may have anything that stored text may have. */
const searchText = (name: string, max: number) =>
  once(
    (value) => text(1, max).safeParse(value).success,
    (values) =>
      `Invalid ${name}: must be given once, 1 to ${max} characters without control characters, one of them visible${got(values)}`,
  )
    .meta({ parameter: { type: "string", minLength: 1, maxLength: max } })
    .optional();

const dateTime = { type: "string", format: "date-time" };

/** An ISO 8601 time with its offset: `2025-02-28` alone is another instant in each time zone. */
const instant = (name: string, alternative = "") =>
  once(
    (value) => time.safeParse(value).success || (alternative !== "" && watermarkPattern.test(value)),
    (values) =>
      `Invalid ${name}: must be given once, ${alternative}an ISO 8601 time from 1970 to 9999 with its offset, like 2025-02-28T14:00:05Z${got(values)}`,
  )
    .meta({
      parameter:
        alternative === ""
          ? dateTime
          : { anyOf: [dateTime, { type: "string", pattern: watermarkPattern.source }] },
    })
    .optional();

/** The query of the jobs page, and most of that of `GET /batch/jobs`, from lists of values by name. */
export const JobsParameters = z.object({
  organizationId: z
    .array(z.string(), { error: "Missing organizationId: say whose batch jobs to list" })
    .pipe(
      once(
        (value) => identifierPattern.test(value),
        (values) => organizationIdRule + got(values),
      ),
    )
    .meta({
      parameter: { type: "string", pattern: identifierPattern.source },
      description: "The organization whose jobs to list: the API key's own.",
    }),
  status: statusList.default([]).meta({
    isList: true,
    description: "Only jobs with one of these statuses.",
  }),
  page: digits(1, pageMax, "Invalid page number: must be >= 1", ` and <= ${pageMax}`)
    .default(1)
    .meta({ description: "The number of the page. A page past the end is empty." }),
  pageSize: digits(1, pageSizeMax, `Invalid page size: must be between 1 and ${pageSizeMax}`)
    .default(pageSizeDefault)
    .meta({ description: "The number of jobs on a page." }),
  q: searchText("q", 200).meta({
    description:
      "Text to search for: part of the name, ignoring case and accents (one or two characters match only the beginning of a word); an id, whose job comes first; or a contact's phone number with its country code, as people write it (also with 00 or nothing for the plus sign).",
  }),
  agentId: searchText("agentId", 128).meta({ description: "Only jobs of this agent." }),
  fromPhoneNumberId: searchText("fromPhoneNumberId", 128).meta({
    description: "Only jobs that call from this phone number.",
  }),
  createdFrom: instant("createdFrom").meta({ description: "Only jobs created at this time or later." }),
  createdTo: instant("createdTo").meta({ description: "Only jobs created before this time." }),
  scheduledFrom: instant("scheduledFrom").meta({
    description: "Only jobs scheduled for this time or later.",
  }),
  scheduledTo: instant("scheduledTo").meta({ description: "Only jobs scheduled for before this time." }),
  startedFrom: instant("startedFrom").meta({ description: "Only jobs started at this time or later." }),
  startedTo: instant("startedTo").meta({ description: "Only jobs started before this time." }),
  completedFrom: instant("completedFrom").meta({
    description: "Only jobs that ended at this time or later.",
  }),
  completedTo: instant("completedTo").meta({ description: "Only jobs that ended before this time." }),
  updatedSince: instant("updatedSince", "the X-Next-Updated-Since of an earlier response, or ").meta({
    description:
      "Only jobs that have changed since then: the `X-Next-Updated-Since` of an earlier response, which misses no change, or a time, which may.",
  }),
  sort: oneOf("sort", sorts).default(sortDefault).meta({
    description:
      "The field to sort by, with a leading `-` for descending order. Jobs without a value in that field come last; ties are ordered by id.",
  }),
});
export type JobsParameters = z.infer<typeof JobsParameters>;

/** The query of the jobs page: it also has a filter by health. */
export const PageParameters = JobsParameters.extend({
  problem: oneOf("problem", healthProblems).optional(),
});

/** The query of a CSV file that a person downloads. */
export const FileParameters = PageParameters.extend({ bom: oneOf("bom", ["0", "1"]).optional() });

/** The filters that the stored counts do not know. */
export const filterNames = [
  "q",
  "agentId",
  "fromPhoneNumberId",
  ...rangeNames.flatMap((name) => [`${name}From`, `${name}To`] as const),
  "updatedSince",
] as const;

/** The filters that a list can have in addition to its statuses. */
export type Filters = Partial<Pick<JobsParameters, (typeof filterNames)[number]>>;

/** Whether the stored counts give the list's total and the start of each of its pages. */
export function isCounted(query: Filters & { sort: Sort | "now" }): boolean {
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
  )
    .meta({ parameter: { type: "string" } })
    .optional()
    .meta({
      description:
        "For reading all jobs: empty on the first request, then the `nextCursor` of the previous response, with the same filters and `sort` and without `page`.",
    }),
  total: oneOf("total", ["none"]).optional().meta({ description: "`none` leaves `total` out." }),
  include: listOf("include", includable).default([]).meta({
    isList: true,
    description: "What to add: the number of jobs of each status, or members of each job.",
  }),
  format: oneOf("format", ["json", "csv"]).optional().meta({
    description:
      "`csv` gives the jobs of all pages as a file, as does `Accept: text/csv` without this parameter.",
  }),
  bom: oneOf("bom", ["0", "1"])
    .optional()
    .meta({ description: "`1` begins a CSV file with a byte order mark, for Excel." }),
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
    refuse("cursor", `must come from an earlier response with the same filters and sort${got([cursor])}`);
  }
});
export type ListBatchJobsQuery = z.infer<typeof ListBatchJobsQuery>;

const limitDescription = "How many calls of the job can be under way at the same time.";
const attemptsDescription = "How many times each contact is called at most.";

/**
 * A batch job as the contract writes it: these 17 keys, nothing else. The bounds are those of the
 * database's constraints (db/migrations/0003-batch-jobs.ts).
 */
export const BatchJob = z.strictObject({
  id: identifier,
  name: text(1, 200),
  description: text(0, 1_000, { lines: true }).nullable(),
  status: z
    .enum(batchJobStatuses)
    .describe(
      "The contacts of a `pending` job are called as soon as a dialer asks for calls, those of a `scheduled` one from its scheduled time on. A `running` job has been started, by a person, a program or its first claimed call. The others have ended.",
    ),
  organizationId: identifier,
  agentId: text(1, 128).describe("The agent that makes the calls."),
  fromPhoneNumberId: text(1, 128).describe("The phone number that the job calls from."),
  totalContacts: count.describe("The number of contacts."),
  contactsProcessed: count.describe("The number of contacts whose result is final."),
  successfulCalls: count.describe("The number of contacts with a completed call."),
  failedCalls: count.describe("The number of contacts that failed and will not be called again."),
  scheduledStartTime: time.nullable().describe("When the job is or was to start; `null` without a schedule."),
  actualStartTime: time.nullable().describe("When the job started."),
  completedAt: time.nullable().describe("When the job was completed, failed or was cancelled."),
  createdAt: time,
  concurrentCallLimit: z.int().min(1).max(50).describe(limitDescription),
  retryPolicy: z.strictObject({
    maxAttempts: z.int().min(1).max(10).describe(attemptsDescription),
    retryableStatuses: z
      .array(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, "must be a word like no_answer"))
      .max(20)
      .describe("The results after which a contact is called again."),
  }),
});
export type BatchJob = z.infer<typeof BatchJob>;

const statusCounts = Object.fromEntries(batchJobStatuses.map((status) => [status, count])) as Record<
  BatchJobStatus,
  typeof count
>;

/** The contract's response to a list request. */
export const BatchJobList = z.strictObject({
  batchJobs: z.array(BatchJob),
  total: count.describe("The number of jobs on all pages."),
  page: z.int().min(1).max(pageMax),
  pageSize: z.int().min(1).max(pageSizeMax),
});
export type BatchJobList = z.infer<typeof BatchJobList>;

const timeZoneDescription = "The IANA name of the time zone of a time without an offset.";

/**
 * The body of `POST /batch/create`. Contacts and times, which have documented errors of their own, are read by
 * readContacts and readSchedule.
 */
export const NewBatchJob = z.object({
  contacts: z
    .array(z.unknown(), "must be an array of objects, each with a phone")
    .meta({ minItems: 1, maxItems: contactsMax, items: contactJsonSchema }),
  fromPhoneNumberId: identifier.describe("The phone number to call from. Its agent makes the calls."),
  name: text(1, 200),
  description: text(0, 1_000, { lines: true }).nullable().default(null),
  concurrentCallLimit: wholeNumber(1, 50).default(5).describe(limitDescription),
  maxAttempts: wholeNumber(1, 10).default(3).describe(attemptsDescription),
  scheduledStartTime: z.string("must be a string, or null").nullable().default(null).meta({
    description:
      "When to start, in the future. Without it, the job needs no start: its contacts are called as soon as a dialer asks for calls.",
  }),
  timezone: z.string("must be the name of a time zone").default("UTC").describe(timeZoneDescription),
  organizationId: z.string("must be a string, or null").nullish().meta({
    description: "Not needed: the job is created in the API key's organization. Any other is refused.",
  }),
});
export type NewBatchJob = z.infer<typeof NewBatchJob>;

/** The query of `POST /batch/create`. */
export const CreateQuery = WriteQuery.extend({
  include: listOf("include", ["skippedRows"]).default([]).meta({
    isList: true,
    description: "What to add: the rows of a CSV file that were skipped.",
  }),
});

const contactsPageSizeMax = 500;
export const contactsPageSizeDefault = 50;

/** The query of `GET /batch/jobs/{batchJobId}`. */
export const FindBatchJobQuery = z.object({
  contactStatus: once(isContactStatus, (values) => {
    return `Invalid contact status filter value: must be one of ${contactStatuses.join(", ")}${got(values)}`;
  })
    .transform((status) => z.enum(contactStatuses).parse(status))
    .meta({ parameter: { type: "string", enum: contactStatuses } })
    .optional()
    .meta({ description: "Only contacts with this status." }),
  contactsPage: digits(1, pageMax, "Invalid page number: must be >= 1", ` and <= ${pageMax}`)
    .default(1)
    .meta({ code: "page", description: "The number of the page of contacts." }),
  contactsPageSize: digits(
    1,
    contactsPageSizeMax,
    `Invalid page size: must be between 1 and ${contactsPageSizeMax}`,
  )
    .default(contactsPageSizeDefault)
    .meta({ code: "page_size", description: "The number of contacts on a page." }),
});
export type FindBatchJobQuery = z.infer<typeof FindBatchJobQuery>;

/** The query of `PATCH /batch/jobs/{batchJobId}/reschedule`, of which readSchedule makes a time. */
export const RescheduleQuery = WriteQuery.extend({
  scheduledStartTime: z
    .array(z.string())
    .default([])
    .meta({
      isRequired: true,
      parameter: { type: "string" },
      description: "When to start, in the future, like `2030-03-01T10:00:00`.",
    }),
  timezone: z
    .array(z.string())
    .default(["UTC"])
    .meta({
      parameter: { type: "string", default: "UTC" },
      description: timeZoneDescription,
    }),
});

/** A batch job with its contacts: the contract's keys, nothing else. */
export const BatchJobDetail = z.strictObject({
  ...BatchJob.shape,
  statusBreakdown: z
    .partialRecord(z.enum(contactStatuses), count.min(1))
    .describe("The number of contacts with each status, without statuses that none has."),
  estimatedCompletionTime: time
    .nullable()
    .describe(
      "When the job will end at its pace so far, and not before the last `nextRetryAt`; `null` if that can't be estimated, for example while no dialer asks for calls.",
    ),
  contacts: z.array(Contact).describe("A page of the contacts, in the order of the upload."),
  contactsTotal: count.describe("The number of contacts on all pages."),
  contactsPage: z.int().min(1).max(pageMax),
  contactsPageSize: z.int().min(1).max(contactsPageSizeMax),
  contactsHasMore: z.boolean().describe("Whether another page follows."),
});
export type BatchJobDetail = z.infer<typeof BatchJobDetail>;

/**
 * How many skipped rows of a CSV file are named in a response, and in its header, which proxies may refuse if it is long.
 */
export const skippedRowsMax = 100;

/** The contract's eight keys, and two more with `include=skippedRows`. */
export const CreatedBatchJob = z.strictObject({
  success: z.literal(true),
  batchJobId: identifier,
  totalContacts: count.min(1).describe("The number of contacts to call."),
  estimatedDuration: z
    .string()
    .regex(/^\d+ minutes$/)
    .describe("A rough estimate of how long the first attempts take, from the number of contacts alone."),
  estimatedCost: z
    .string()
    .regex(/^\$\d+\.\d\d$/)
    .describe("Always `$0.00`: this server knows no prices."),
  status: z.enum(["pending", "scheduled"]).meta({
    description:
      "The contacts of a `pending` job are called as soon as a dialer asks for calls, without a start; those of a `scheduled` one from its time on.",
  }),
  scheduledStartTime: time.nullable().describe("When a `scheduled` job starts; `null` for a `pending` one."),
  message: z.string(),
  skippedRows: z
    .array(
      z.strictObject({
        row: z.int().min(2).meta({ description: "As a spreadsheet numbers it: the header is row 1." }),
        reason: z.string(),
      }),
    )
    .max(skippedRowsMax)
    .optional()
    .meta({
      description: "With `include=skippedRows`, the rows of a CSV file that were skipped: the first 100.",
    }),
  skippedRowsTotal: count
    .optional()
    .meta({ description: "With `include=skippedRows`, the number of all skipped rows." }),
});
export type CreatedBatchJob = z.infer<typeof CreatedBatchJob>;

const wasScheduled = z.boolean().describe("Whether the job was scheduled.");
const contactsCancelled = count.describe("The number of contacts that will not be called, or not again.");

export const StartedBatchJob = z.strictObject({
  success: z.literal(true),
  message: z.enum(["Cancelled scheduled job, starting immediately", "Starting immediately"]),
  batchJobId: identifier,
  status: z.literal("running"),
  contactsEnqueued: count.describe("The number of contacts that can now be called."),
  redisJobCancelled: wasScheduled,
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
  redisJobCancelled: wasScheduled,
  contactsCancelled,
});
export type CancelledBatchJob = z.infer<typeof CancelledBatchJob>;

/** The response when a dialer fails a job, in the shape of that to cancelling. */
export const FailedBatchJob = z.strictObject({
  success: z.literal(true),
  message: z.string(),
  batchJobId: identifier,
  status: z.literal("failed"),
  contactsCancelled,
});
export type FailedBatchJob = z.infer<typeof FailedBatchJob>;

const scheduledJobIdDescription = "For older clients: made of the job's id.";

export const RescheduledBatchJob = z.strictObject({
  success: z.literal(true),
  message: z.enum(["Rescheduled successfully (old job cancelled)", "Scheduled successfully"]),
  batchJobId: identifier,
  scheduledStartTime: time,
  status: z.literal("scheduled"),
  oldJobCancelled: wasScheduled,
  newScheduledJobId: z.string().min(1).describe(scheduledJobIdDescription),
});
export type RescheduledBatchJob = z.infer<typeof RescheduledBatchJob>;

export const RedisStatus = z.strictObject({
  batchJobId: identifier,
  databaseStatus: z.enum(batchJobStatuses),
  scheduledJobId: z.string().min(1).nullable().describe(scheduledJobIdDescription),
  scheduledStartTime: time.nullable().describe("When a scheduled job will start; `null` for another job."),
  redisJobInfo: z
    .strictObject({
      job_id: z.string().min(1),
      in_defer_queue: z.literal(false),
      job_metadata_exists: z.literal(true),
      scheduled_time: time.nullable().describe("The same time as `scheduledStartTime`."),
      note: z.string(),
    })
    .nullable()
    .describe("How a scheduled job is started, in the words of older servers; `null` for another job."),
});
export type RedisStatus = z.infer<typeof RedisStatus>;

export const Health = z.strictObject({
  state: z
    .enum(["overdue", "stalled", "onTrack"])
    .describe(
      "`overdue`: not started a minute after its scheduled time. `stalled`: running, but unchanged for ten minutes, without a call under way or waiting for retries. `onTrack`: running, with an estimate.",
    ),
  since: time
    .nullable()
    .describe("The scheduled time of an overdue job, or the last change of a stalled one."),
  estimatedCompletionTime: time
    .nullable()
    .describe("When a job that is on track will end at its pace so far."),
});
export type Health = z.infer<typeof Health>;

/** The response to a list request with other parameters than the contract's. */
export const BatchJobSearch = z.strictObject({
  batchJobs: z.array(
    BatchJob.extend({
      updatedAt: time.optional().describe("With `include=updatedAt`: when the job last changed."),
      health: Health.nullable()
        .optional()
        .describe(
          "With `include=health`; `null` if there is nothing to say, such as for a job that has ended, or that no dialer asks for.",
        ),
    }),
  ),
  total: count.optional().describe("The number of jobs on all pages. Absent with `total=none`."),
  totalIsExact: z
    .boolean()
    .optional()
    .describe("Whether `total` is the number of all jobs. If it isn't, there are more."),
  statusCounts: z
    .strictObject(statusCounts)
    .nullable()
    .optional()
    .describe(
      "With `include=statusCounts`: the number of jobs with each status that match the other filters; `null` if more than 10,000 do.",
    ),
  page: z.int().min(1).max(pageMax).optional().describe("Absent with `cursor`."),
  pageSize: z.int().min(1).max(pageSizeMax),
  nextCursor: z
    .string()
    .nullable()
    .optional()
    .describe("With `cursor`: the `cursor` of the next page; `null` on the last one."),
});
export type BatchJobSearch = z.infer<typeof BatchJobSearch>;
