/** A request with its response. e2e/openapi.spec.ts sends each, and compares what is not made anew by each request. */
export interface Example {
  name: string;
  path?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: object;
  status: number;
  response: unknown;
}

/** Responses by the names of the examples, with the parameters in `x-request`: OpenAPI has no place for a whole request. */
export function responseExamples(examples: Example[], status: number): Record<string, object> {
  const found = examples.filter((example) => example.status === status);
  return Object.fromEntries(
    found.map(({ name, path, query, response }) => [name, { value: response, "x-request": { path, query } }]),
  );
}

const batchJob = {
  id: "batch_xyz789",
  name: "January Renewal Campaign",
  description: "Follow up on expiring subscriptions",
  status: "running",
  organizationId: "org_abc123",
  agentId: "agent_def456",
  fromPhoneNumberId: "phone_ghi789",
  totalContacts: 2,
  contactsProcessed: 1,
  successfulCalls: 1,
  failedCalls: 0,
  scheduledStartTime: "2025-02-28T14:00:00Z",
  actualStartTime: "2025-02-28T14:00:05Z",
  completedAt: null,
  createdAt: "2025-02-28T10:30:00Z",
  concurrentCallLimit: 5,
  retryPolicy: { maxAttempts: 3, retryableStatuses: ["no_answer", "busy", "timeout"] },
};

const completedContact = {
  id: "batch_xyz789-1",
  phoneNumber: "+12025550101",
  contactData: { phone: "+12025550101", name: "John Smith", plan: "Premium" },
  status: "completed",
  errorCode: null,
  attemptCount: 1,
  maxAttempts: 3,
  lastAttemptAt: "2025-02-28T14:00:10Z",
  nextRetryAt: null,
  completedAt: "2025-02-28T14:02:10Z",
  roomName: "outbound_agent_def456_12025550101_1709128800",
  failureReason: null,
  callDuration: 120,
};

const waitingContact = {
  id: "batch_xyz789-2",
  phoneNumber: "+12025550102",
  contactData: { phone: "+12025550102", name: "Jane Doe", plan: "Basic" },
  status: "no_answer",
  errorCode: "480",
  attemptCount: 1,
  maxAttempts: 3,
  lastAttemptAt: "2025-02-28T14:00:15Z",
  nextRetryAt: "2025-02-28T14:05:15Z",
  completedAt: null,
  roomName: null,
  failureReason: "SIP status: 480 Temporarily Unavailable",
  callDuration: null,
};

const newBatchJob = {
  contacts: [
    { phone: "+12025550101", name: "John Smith", plan: "Premium" },
    { phone: "+12025550102", name: "Jane Doe", plan: "Basic" },
  ],
  fromPhoneNumberId: "phone_ghi789",
  name: "January Renewal Campaign",
  description: "Follow up on expiring subscriptions",
  scheduledStartTime: "2030-02-28T09:00:00",
  timezone: "America/New_York",
};

const path = { batchJobId: "batch_xyz789" };
const callPath = { callId: "call_0195f2c7a3b84d6e8f10213243546576" };
const organizationId = "org_abc123";
const page = { page: 1, pageSize: 20 };

const rescheduled: Omit<Example, "name"> = {
  path,
  query: { scheduledStartTime: "2030-03-01T10:00:00", timezone: "America/New_York" },
  status: 200,
  response: {
    success: true,
    message: "Scheduled successfully",
    batchJobId: "batch_xyz789",
    scheduledStartTime: "2030-03-01T15:00:00Z",
    status: "scheduled",
    oldJobCancelled: false,
    newScheduledJobId: "start_batch_xyz789",
  },
};

/** The examples of each operation, by its id. */
export const examples = {
  listBatchJobs: [
    {
      name: "running",
      query: { organizationId, status: ["running"], ...page },
      status: 200,
      response: { batchJobs: [batchJob], total: 1, ...page },
    },
    {
      name: "search",
      query: { organizationId, q: "renewal", include: ["statusCounts"] },
      status: 200,
      response: {
        batchJobs: [batchJob],
        total: 1,
        totalIsExact: true,
        statusCounts: { pending: 0, scheduled: 0, running: 1, completed: 0, failed: 0, cancelled: 0 },
        ...page,
      },
    },
    {
      name: "invalidPage",
      query: { organizationId, page: 0 },
      status: 400,
      response: { detail: "Invalid page number: must be >= 1", code: "invalid_page" },
    },
    {
      name: "anotherOrganization",
      query: { organizationId: "org_of_another_key" },
      status: 403,
      response: {
        detail: "This API key does not belong to that organization",
        code: "organization_forbidden",
      },
    },
  ],
  getBatchJob: [
    {
      name: "running",
      path,
      status: 200,
      response: {
        ...batchJob,
        statusBreakdown: { completed: 1, no_answer: 1 },
        estimatedCompletionTime: null,
        contacts: [completedContact, waitingContact],
        contactsTotal: 2,
        contactsPage: 1,
        contactsPageSize: 50,
        contactsHasMore: false,
      },
    },
    {
      name: "notFound",
      path: { batchJobId: "batch_unknown" },
      status: 404,
      response: { detail: "Batch job not found", code: "job_not_found" },
    },
  ],
  createBatchJob: [
    {
      name: "scheduled",
      body: newBatchJob,
      status: 200,
      response: {
        success: true,
        batchJobId: "batch_019abc8a3f5e7c20a1b2c3d4e5f60718",
        totalContacts: 2,
        estimatedDuration: "2 minutes",
        estimatedCost: "$0.00",
        status: "scheduled",
        scheduledStartTime: "2030-02-28T14:00:00Z",
        message: "Batch job created with 2 contacts",
      },
    },
    {
      name: "invalidPhoneNumber",
      body: { ...newBatchJob, contacts: [{ phone: "+12345" }] },
      status: 400,
      response: {
        detail: "Invalid phone number format: +12345; contacts[0].phone must be in E.164, like +12025550100",
        code: "invalid_phone_format",
      },
    },
    {
      name: "unknownPhoneNumber",
      body: { ...newBatchJob, fromPhoneNumberId: "phone_abc123" },
      status: 404,
      response: { detail: "Phone number phone_abc123 not found", code: "phone_number_not_found" },
    },
  ],
  startBatchJob: [
    {
      name: "pending",
      path,
      status: 200,
      response: {
        success: true,
        message: "Starting immediately",
        batchJobId: "batch_xyz789",
        status: "running",
        contactsEnqueued: 2,
        redisJobCancelled: false,
        startedAt: "2025-02-28T14:00:05Z",
      },
    },
    {
      name: "running",
      path,
      status: 400,
      response: {
        detail: "Cannot start job in 'running' status. Only 'scheduled' or 'pending' jobs can be started.",
        code: "already_running",
      },
    },
  ],
  cancelBatchJob: [
    {
      name: "scheduled",
      path,
      status: 200,
      response: {
        success: true,
        message: "Scheduled job cancelled successfully",
        batchJobId: "batch_xyz789",
        redisJobCancelled: true,
        contactsCancelled: 2,
      },
    },
    {
      name: "completed",
      path,
      status: 400,
      response: { detail: "Cannot cancel job in 'completed' status", code: "already_terminal" },
    },
  ],
  rescheduleBatchJob: [
    { name: "pending", ...rescheduled },
    {
      name: "invalidTimeZone",
      path,
      query: { scheduledStartTime: "2030-03-01T10:00:00", timezone: "Invalid/Zone" },
      status: 400,
      response: {
        detail:
          "Invalid timezone 'Invalid/Zone'. Use IANA timezone format (e.g., 'America/New_York', 'Asia/Karachi', 'UTC').",
        code: "invalid_timezone",
      },
    },
  ],
  rescheduleBatchJobByPost: [{ name: "pending", ...rescheduled }],
  getRedisStatus: [
    {
      name: "scheduled",
      path,
      status: 200,
      response: {
        batchJobId: "batch_xyz789",
        databaseStatus: "scheduled",
        scheduledJobId: "start_batch_xyz789",
        scheduledStartTime: "2030-02-28T14:00:00Z",
        redisJobInfo: {
          job_id: "start_batch_xyz789",
          in_defer_queue: false,
          job_metadata_exists: true,
          scheduled_time: "2030-02-28T14:00:00+00:00",
          note: "This server doesn't use Redis for scheduling. A job's scheduled time is stored with the job, so it can't be lost or out of step.",
        },
      },
    },
    {
      name: "running",
      path,
      status: 200,
      response: {
        batchJobId: "batch_xyz789",
        databaseStatus: "running",
        scheduledJobId: null,
        scheduledStartTime: null,
        redisJobInfo: null,
      },
    },
  ],
  claimCalls: [
    {
      name: "one",
      body: { dialer: "dialer-1", max: 1, leaseSeconds: 60 },
      status: 200,
      response: {
        calls: [
          {
            ...callPath,
            batchJobId: "batch_xyz789",
            contactId: "batch_xyz789-1",
            phoneNumber: "+12025550101",
            contactData: { phone: "+12025550101", name: "John Smith", plan: "Premium" },
            agentId: "agent_def456",
            fromPhoneNumberId: "phone_ghi789",
            fromPhoneNumber: "+12025550100",
            attempt: 1,
            maxAttempts: 3,
            leaseUntil: "2025-02-28T14:01:05Z",
          },
        ],
        nextPollSeconds: 1,
      },
    },
    {
      name: "unknownField",
      body: { dialer: "dialer-1", maximum: 1 },
      status: 400,
      response: {
        detail: 'Unknown field "maximum": there are dialer, max, batchJobId, leaseSeconds',
        code: "unknown_field",
      },
    },
  ],
  permitDialing: [
    {
      name: "claimed",
      path: callPath,
      body: { leaseSeconds: 300, roomName: "outbound_agent_def456_12025550101_1709128800" },
      status: 200,
      response: {
        ...callPath,
        batchJobId: "batch_xyz789",
        contactId: "batch_xyz789-1",
        attempt: 1,
        leaseUntil: "2025-02-28T14:05:10Z",
      },
    },
    {
      name: "notFound",
      path: { callId: "call_unknown" },
      body: {},
      status: 404,
      response: { detail: "Call not found", code: "call_not_found" },
    },
  ],
  reportResult: [
    {
      name: "completed",
      path: callPath,
      body: {
        status: "completed",
        callDuration: 120,
        roomName: "outbound_agent_def456_12025550101_1709128800",
      },
      status: 200,
      response: { ...callPath, batchJobId: "batch_xyz789", contact: completedContact },
    },
    {
      name: "notPermitted",
      path: callPath,
      body: { status: "completed" },
      status: 409,
      response: {
        detail: "You did not ask to dial this call, so it cannot end as completed; report not_dialed",
        code: "invalid_result",
      },
    },
  ],
  failBatchJob: [
    {
      name: "running",
      path,
      body: { reason: "The SIP trunk is down" },
      status: 200,
      response: {
        success: true,
        message: "Job failed - cancelled remaining contacts",
        batchJobId: "batch_xyz789",
        status: "failed",
        contactsCancelled: 2,
      },
    },
    {
      name: "pending",
      path,
      body: { reason: "The SIP trunk is down" },
      status: 400,
      response: {
        detail: "Cannot fail job in 'pending' status. Only 'running' jobs can be failed.",
        code: "invalid_status",
      },
    },
  ],
} satisfies Record<string, Example[]>;
