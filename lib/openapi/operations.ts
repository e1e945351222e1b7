import type { z } from "zod";
import type { Permission } from "../access/permissions";
import { BatchJobForm } from "../batch-jobs/form";
import {
  BatchJobDetail,
  CancelledBatchJob,
  CreatedBatchJob,
  CreateQuery,
  FailedBatchJob,
  FindBatchJobQuery,
  ListBatchJobsQuery,
  NewBatchJob,
  RedisStatus,
  RescheduledBatchJob,
  RescheduleQuery,
  StartedBatchJob,
} from "../batch-jobs/schema";
import {
  Claim,
  ClaimRequest,
  Dialing,
  DialingRequest,
  FailRequest,
  Result,
  ResultRequest,
} from "../calls/schema";
import { NoQuery, WriteQuery } from "../http/parse-query";
import { BatchJobListBody } from "./components";
import type { ErrorCodes } from "./errors";
import { type Example, examples } from "./examples";

/** What an endpoint takes and answers, by the schemas and permissions that its handler uses. */
export interface Operation {
  id: keyof typeof examples;
  method: "get" | "patch" | "post";
  /** As in app/, with `{id}` for `[id]`. */
  path: string;
  summary: string;
  description?: string;
  tag: "Batch jobs" | "Calls";
  permission: Permission;
  /** The `detail` of a 500. */
  failure: string;
  query?: z.ZodObject;
  /** The schema of a JSON body. */
  body?: z.ZodObject;
  /** The schema of the same body as `multipart/form-data`. */
  form?: z.ZodObject;
  response: z.ZodType;
  /** Media types of other responses with status 200. */
  otherTypes?: string[];
  /** Whether responses have an ETag. */
  isConditional?: boolean;
  /** Whether unknown parameters or fields are named in `X-Ignored-Parameters`, or refused if the client prefers so. */
  namesIgnored?: boolean;
  /** Headers of a 200 in addition to those of all operations: keys of `headers` (headers.ts). */
  headers?: string[];
  /** Error codes in addition to those that follow from the other members. */
  errors?: ErrorCodes;
  examples: Example[];
}

const operation = (given: Omit<Operation, "examples">): Operation => ({
  ...given,
  examples: examples[given.id],
});

const reschedule = {
  path: "/batch/jobs/{batchJobId}/reschedule",
  tag: "Batch jobs",
  permission: "manageBatchJobs",
  failure: "Failed to reschedule batch job",
  query: RescheduleQuery,
  response: RescheduledBatchJob,
  namesIgnored: true,
  errors: { 400: ["invalid_datetime", "invalid_timezone", "past_scheduled_time", "invalid_status"] },
} as const;

export const operations: Operation[] = [
  operation({
    id: "listBatchJobs",
    method: "get",
    path: "/batch/jobs",
    summary: "List batch jobs",
    description:
      "The organization's batch jobs, newest first, in pages. Any parameter other than `organizationId`, `status`, `page` and `pageSize` may add fields to the body.",
    tag: "Batch jobs",
    permission: "readBatchJobs",
    failure: "Failed to list batch jobs",
    query: ListBatchJobsQuery,
    response: BatchJobListBody,
    otherTypes: ["text/csv"],
    isConditional: true,
    namesIgnored: true,
    headers: ["Link", "X-Next-Updated-Since", "Content-Disposition"],
    errors: { 403: ["organization_forbidden"], 429: ["too_many_exports"] },
  }),
  operation({
    id: "getBatchJob",
    method: "get",
    path: "/batch/jobs/{batchJobId}",
    summary: "Get a batch job with its contacts",
    description: "The contacts are in the order of the upload, in pages. Imported jobs have none.",
    tag: "Batch jobs",
    permission: "readBatchJobs",
    failure: "Failed to get batch job detail",
    query: FindBatchJobQuery,
    response: BatchJobDetail,
    isConditional: true,
    namesIgnored: true,
  }),
  operation({
    id: "createBatchJob",
    method: "post",
    path: "/batch/create",
    summary: "Create a batch job",
    description:
      "**Without `scheduledStartTime`, the job needs no start: its contacts are called as soon as a dialer asks for calls.** If several contacts have the same phone number, only the first is kept.",
    tag: "Batch jobs",
    permission: "manageBatchJobs",
    failure: "Failed to create batch job",
    query: CreateQuery,
    body: NewBatchJob,
    form: BatchJobForm,
    response: CreatedBatchJob,
    namesIgnored: true,
    headers: ["X-Skipped-Rows"],
    errors: {
      400: [
        "invalid_csv",
        "missing_phone_column",
        "no_valid_contacts",
        "too_many_contacts",
        "invalid_phone_format",
        "invalid_datetime",
        "past_scheduled_time",
        "no_outbound_agent",
      ],
      404: ["phone_number_not_found"],
      503: ["too_many_uploads"],
    },
  }),
  operation({
    id: "startBatchJob",
    method: "post",
    path: "/batch/jobs/{batchJobId}/start",
    summary: "Start a batch job now",
    description:
      "Calls a scheduled job's contacts before its time. A pending job needs no start: dialers are given its contacts anyway.",
    tag: "Batch jobs",
    permission: "manageBatchJobs",
    failure: "Failed to start batch job",
    query: WriteQuery,
    response: StartedBatchJob,
    namesIgnored: true,
    errors: { 400: ["already_running", "invalid_status"] },
  }),
  operation({
    id: "cancelBatchJob",
    method: "post",
    path: "/batch/jobs/{batchJobId}/cancel",
    summary: "Cancel a batch job",
    description: "Waiting contacts are cancelled. Calls under way end normally.",
    tag: "Batch jobs",
    permission: "manageBatchJobs",
    failure: "Failed to cancel batch job",
    query: WriteQuery,
    response: CancelledBatchJob,
    namesIgnored: true,
    errors: { 400: ["already_terminal"] },
  }),
  operation({
    ...reschedule,
    id: "rescheduleBatchJob",
    method: "patch",
    summary: "Schedule a batch job, or change its schedule",
  }),
  operation({
    ...reschedule,
    id: "rescheduleBatchJobByPost",
    method: "post",
    summary: "Schedule a batch job, by POST",
    description: "The same as by PATCH.",
  }),
  operation({
    id: "getRedisStatus",
    method: "get",
    path: "/batch/jobs/{batchJobId}/redis-status",
    summary: "Get the schedule status of a batch job",
    description: "For older clients. Redis isn't involved: the job's scheduled time is stored with the job.",
    tag: "Batch jobs",
    permission: "readBatchJobs",
    failure: "Failed to get Redis job status",
    query: NoQuery,
    response: RedisStatus,
    namesIgnored: true,
  }),
  operation({
    id: "claimCalls",
    method: "post",
    path: "/batch/calls/claim",
    summary: "Claim calls",
    description: "Reserves contacts that are due, each for one call. Ask before dialing one.",
    tag: "Calls",
    permission: "dial",
    failure: "Failed to claim calls",
    query: WriteQuery,
    body: ClaimRequest,
    response: Claim,
    namesIgnored: true,
    errors: { 404: ["job_not_found"] },
  }),
  operation({
    id: "permitDialing",
    method: "post",
    path: "/batch/calls/{callId}/dialing",
    summary: "Ask to dial, or extend the lease",
    description:
      "Dial only after a 200. While the call goes on, repeat this request at least every 40 seconds, or pages will say that the dialer is gone, and always before `leaseUntil`, or the contact fails with `no_report`.",
    tag: "Calls",
    permission: "dial",
    failure: "Failed to allow the call to be dialed",
    query: WriteQuery,
    body: DialingRequest,
    response: Dialing,
    namesIgnored: true,
    errors: { 409: ["already_reported", "call_cancelled", "lease_lost"] },
  }),
  operation({
    id: "reportResult",
    method: "post",
    path: "/batch/calls/{callId}/result",
    summary: "Report how a call ended",
    tag: "Calls",
    permission: "dial",
    failure: "Failed to record the result",
    query: WriteQuery,
    body: ResultRequest,
    response: Result,
    namesIgnored: true,
    errors: { 409: ["already_reported", "call_cancelled", "invalid_result", "lease_lost"] },
  }),
  operation({
    id: "failBatchJob",
    method: "post",
    path: "/batch/jobs/{batchJobId}/fail",
    summary: "Fail a batch job",
    description:
      "For a dialer whose trunk or agent is gone. Waiting contacts are cancelled. Calls under way end normally.",
    tag: "Calls",
    permission: "dial",
    failure: "Failed to fail batch job",
    query: WriteQuery,
    body: FailRequest,
    response: FailedBatchJob,
    namesIgnored: true,
    errors: { 400: ["invalid_status"] },
  }),
];
