import { insertBatchJobs, insertDialableJob, recount, testDatabase, uniqueId } from "@/db/fixtures";
import {
  BatchJobDetail,
  type BatchJobStatus,
  batchJobStatuses,
  CancelledBatchJob,
  RedisStatus,
  RescheduledBatchJob,
  StartedBatchJob,
} from "@/lib/batch-jobs/schema";
import { contactStatuses } from "@/lib/contacts/schema";
import { expect, type Organization, test } from "./fixtures";

// Start, cancel and reschedule a job, and look at it with its contacts.

const headersOf = async (org: Organization) => ({
  Authorization: `Bearer ${await org.keyWith("read", "manage")}`,
});

/** Asks about a job as its organization. */
async function client(org: Organization) {
  const headers = await headersOf(org);
  const ask = async (method: string, path: string) => {
    const response = await org.request.fetch(`/batch/jobs/${path}`, { method, headers });
    return { status: response.status(), body: await response.json(), headers: response.headers() };
  };
  const get = async (path: string) => {
    const { status, body } = await ask("GET", path);
    expect(status, JSON.stringify(body)).toBe(200);
    return BatchJobDetail.parse(body);
  };
  return { ask, get };
}

const inTheFuture = "2035-03-01T10:00:00";

test.describe("start", () => {
  for (const { status, message, redisJobCancelled } of [
    { status: "pending", message: "Starting immediately", redisJobCancelled: false },
    {
      status: "scheduled",
      message: "Cancelled scheduled job, starting immediately",
      redisJobCancelled: true,
    },
  ] as const) {
    test(`makes a ${status} job running, and says how many contacts wait`, async ({ org }) => {
      const { ask, get } = await client(org);
      const id = await insertDialableJob(org.id, 7, { status, scheduled_start_time: new Date("2035-01-01") });
      const { status: code, body } = await ask("POST", `${id}/start`);
      expect(code).toBe(200);
      const started = StartedBatchJob.parse(body);
      expect(started).toEqual({
        success: true,
        message,
        batchJobId: id,
        status: "running",
        contactsEnqueued: 7,
        redisJobCancelled,
        startedAt: started.startedAt,
      });
      expect(Math.abs(Date.parse(started.startedAt) - Date.now())).toBeLessThan(10_000);
      expect(await get(id)).toMatchObject({ status: "running", actualStartTime: started.startedAt });
    });
  }

  for (const status of ["running", "completed", "failed", "cancelled"] as const) {
    test(`does not start a ${status} job`, async ({ org }) => {
      const { ask } = await client(org);
      const id = await insertDialableJob(org.id, 1, { status });
      expect(await ask("POST", `${id}/start`)).toMatchObject({
        status: 400,
        body: {
          detail: `Cannot start job in '${status}' status. Only 'scheduled' or 'pending' jobs can be started.`,
          code: status === "running" ? "already_running" : "invalid_status",
        },
      });
    });
  }

  test("of many at once, one starts the job", async ({ org }) => {
    const { ask } = await client(org);
    const id = await insertDialableJob(org.id, 1);
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask("POST", `${id}/start`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(400)]);
  });
});

test.describe("cancel", () => {
  for (const { status, message, redisJobCancelled } of [
    { status: "pending", message: "Pending job cancelled successfully", redisJobCancelled: false },
    { status: "scheduled", message: "Scheduled job cancelled successfully", redisJobCancelled: true },
    {
      status: "running",
      message: "Job was already running - cancelled remaining contacts",
      redisJobCancelled: false,
    },
  ] as const) {
    test(`cancels a ${status} job and its contacts`, async ({ org }) => {
      const { ask, get } = await client(org);
      const id = await insertDialableJob(org.id, 4, { status });
      const { body } = await ask("POST", `${id}/cancel`);
      expect(CancelledBatchJob.parse(body)).toEqual({
        success: true,
        message,
        batchJobId: id,
        redisJobCancelled,
        contactsCancelled: 4,
      });
      const job = await get(id);
      expect(job).toMatchObject({ status: "cancelled", statusBreakdown: { cancelled: 4 } });
      expect(job.completedAt).not.toBeNull();
    });
  }

  for (const status of ["completed", "failed", "cancelled"] as const) {
    test(`does not cancel a ${status} job`, async ({ org }) => {
      const { ask } = await client(org);
      const id = await insertDialableJob(org.id, 1, { status });
      expect(await ask("POST", `${id}/cancel`)).toMatchObject({
        status: 400,
        body: { detail: `Cannot cancel job in '${status}' status`, code: "already_terminal" },
      });
    });
  }

  test("cancels contacts that wait, and leaves those that are over or being dialed", async ({ org }) => {
    const { ask, get } = await client(org);
    const id = await insertDialableJob(org.id, contactStatuses.length, { status: "running" });
    for (const [at, status] of contactStatuses.entries()) {
      await testDatabase
        .updateTable("batch_contacts")
        .set({ status, next_retry_at: status === "no_answer" ? new Date("2035-01-01") : null })
        .where("organization_id", "=", org.id)
        .where("position", "=", at + 1)
        .execute();
    }
    await recount(org.id);
    const call = (position: number, given: object) =>
      testDatabase
        .insertInto("batch_calls")
        .values({
          ...{ organization_id: org.id, id: `call_${position}`, batch_job_id: id, position, attempt: 1 },
          ...{
            phone_number: `+1202000000${position}`,
            previous_status: "pending",
            dialer: "d",
            lease_until: new Date("2035-01-01"),
          },
          ...given,
        })
        .execute();
    await call(contactStatuses.indexOf("queued") + 1, {});
    await call(contactStatuses.indexOf("dialing") + 1, { dialing_at: new Date() });
    expect((await ask("POST", `${id}/cancel`)).body.contactsCancelled).toBe(5);
    expect((await get(id)).statusBreakdown).toEqual({
      dialing: 1,
      completed: 1,
      blocked: 1,
      invalid_number: 1,
      carrier_error: 1,
      failed: 1,
      cancelled: 6,
    });
    const calls = testDatabase.selectFrom("batch_calls").where("organization_id", "=", org.id);
    expect(await calls.select(["id", "result"]).orderBy("id").execute()).toEqual([
      { id: "call_2", result: "cancelled" },
      { id: "call_3", result: null },
    ]);
    const retries = testDatabase.selectFrom("batch_contacts").where("next_retry_at", "is not", null);
    expect(await retries.where("organization_id", "=", org.id).select("position").execute()).toEqual([]);
  });

  test("ten thousand contacts at once", async ({ org }) => {
    const { ask } = await client(org);
    const id = await insertDialableJob(org.id, 10_000);
    expect((await ask("POST", `${id}/cancel`)).body).toMatchObject({ contactsCancelled: 10_000 });
  });
});

test.describe("reschedule", () => {
  for (const { status, method, message, oldJobCancelled } of [
    { status: "pending", method: "PATCH", message: "Scheduled successfully", oldJobCancelled: false },
    {
      status: "scheduled",
      method: "POST",
      message: "Rescheduled successfully (old job cancelled)",
      oldJobCancelled: true,
    },
  ] as const) {
    test(`${method} schedules a ${status} job, in its time zone`, async ({ org }) => {
      const { ask, get } = await client(org);
      const id = await insertDialableJob(org.id, 1, { status });
      const query = `scheduledStartTime=${inTheFuture}&timezone=America/New_York`;
      const { body } = await ask(method, `${id}/reschedule?${query}`);
      const rescheduled = RescheduledBatchJob.parse(body);
      expect(rescheduled).toEqual({
        success: true,
        message,
        batchJobId: id,
        scheduledStartTime: "2035-03-01T15:00:00Z",
        status: "scheduled",
        oldJobCancelled,
        newScheduledJobId: rescheduled.newScheduledJobId,
      });
      expect(await get(id)).toMatchObject({
        status: "scheduled",
        scheduledStartTime: "2035-03-01T15:00:00Z",
      });
    });
  }

  for (const status of ["running", "completed", "failed", "cancelled"] as const) {
    test(`does not reschedule a ${status} job`, async ({ org }) => {
      const { ask } = await client(org);
      const id = await insertDialableJob(org.id, 1, { status });
      expect(await ask("PATCH", `${id}/reschedule?scheduledStartTime=${inTheFuture}`)).toMatchObject({
        status: 400,
        body: {
          detail: `Cannot reschedule job in '${status}' status. Only 'scheduled' or 'pending' jobs can be rescheduled.`,
          code: "invalid_status",
        },
      });
    });
  }

  const format = "Invalid datetime format. Use format like '2025-03-01T10:00:00'.";
  for (const { query, code, detail } of [
    {
      query: "",
      code: "invalid_datetime",
      detail: `${format} scheduledStartTime is missing from the query.`,
    },
    { query: "scheduledStartTime=", code: "invalid_datetime" },
    { query: "scheduledStartTime=soon", code: "invalid_datetime", detail: format },
    {
      query: `scheduledStartTime=${inTheFuture}&scheduledStartTime=${inTheFuture}`,
      code: "invalid_datetime",
      detail: `${format} scheduledStartTime must be given once.`,
    },
    {
      query: `scheduledStartTime=${inTheFuture}&timezone=X`,
      code: "invalid_timezone",
      detail:
        "Invalid timezone 'X'. Use IANA timezone format (e.g., 'America/New_York', 'Asia/Karachi', 'UTC').",
    },
    { query: `scheduledStartTime=${inTheFuture}&timezone=UTC&timezone=UTC`, code: "invalid_timezone" },
    { query: `scheduledStartTime=${inTheFuture}&timezone=%00`, code: "invalid_timezone" },
    {
      query: "scheduledStartTime=2025-03-01T10:00:00",
      code: "past_scheduled_time",
      detail: "Scheduled time must be in the future",
    },
  ]) {
    test(`?${query} is ${code}, before the job is looked at`, async ({ org }) => {
      const { ask } = await client(org);
      const { status, body } = await ask("PATCH", `batch_none/reschedule?${query}`);
      expect({ status, code: body.code }).toEqual({ status: 400, code });
      if (detail) expect(body.detail).toBe(detail);
    });
  }
});

test("a job without contacts here, from an import, changes its status all the same", async ({ org }) => {
  const { ask, get } = await client(org);
  const [id = ""] = await insertBatchJobs(org.id, [{ status: "pending", total_contacts: 9 }]);
  await ask("PATCH", `${id}/reschedule?scheduledStartTime=${inTheFuture}`);
  expect((await ask("POST", `${id}/start`)).body).toMatchObject({ success: true, contactsEnqueued: 0 });
  expect((await ask("POST", `${id}/cancel`)).body).toMatchObject({ success: true, contactsCancelled: 0 });
  expect(await get(id)).toMatchObject({
    status: "cancelled",
    contacts: [],
    statusBreakdown: {},
    totalContacts: 9,
  });
});

test.describe("redis-status", () => {
  test("of a scheduled job tells its time, and that it can't be lost", async ({ org }) => {
    const { ask } = await client(org);
    const id = await insertDialableJob(org.id, 1, {
      status: "scheduled",
      scheduled_start_time: new Date("2035-02-28T14:00:00Z"),
    });
    const status = RedisStatus.parse((await ask("GET", `${id}/redis-status`)).body);
    expect(status).toMatchObject({
      batchJobId: id,
      databaseStatus: "scheduled",
      scheduledStartTime: "2035-02-28T14:00:00Z",
      redisJobInfo: {
        in_defer_queue: false,
        job_metadata_exists: true,
        scheduled_time: "2035-02-28T14:00:00+00:00",
      },
    });
    expect(status.redisJobInfo?.job_id).toBe(status.scheduledJobId);
  });

  for (const databaseStatus of batchJobStatuses.filter((one) => one !== "scheduled")) {
    test(`of a ${databaseStatus} job has no schedule`, async ({ org }) => {
      const { ask } = await client(org);
      const times = { scheduled_start_time: new Date("2035-02-28T14:00:00Z") };
      const id = await insertDialableJob(org.id, 1, { status: databaseStatus, ...times });
      expect(RedisStatus.parse((await ask("GET", `${id}/redis-status`)).body)).toEqual({
        batchJobId: id,
        databaseStatus,
        scheduledJobId: null,
        scheduledStartTime: null,
        redisJobInfo: null,
      });
    });
  }
});

test.describe("a job with its contacts", () => {
  test("has all columns of a contact, and the job's counts by status in order", async ({ org }) => {
    const { get } = await client(org);
    const id = await insertDialableJob(org.id, 3, { status: "running", retry_max_attempts: 4 });
    await testDatabase
      .updateTable("batch_contacts")
      .set({
        status: "no_answer",
        error_code: "480",
        attempt_count: 2,
        last_attempt_at: new Date("2025-02-28T14:10:00.999Z"),
        next_retry_at: new Date("2025-02-28T14:15:00Z"),
        failure_reason: "SIP status: 480 Temporarily Unavailable",
        room_name: "outbound_agent_def456_12025550101_1709128800",
        call_duration: 120,
      })
      .where("organization_id", "=", org.id)
      .where("position", "=", 2)
      .execute();
    const job = await get(id);
    expect(job.contacts[1]).toEqual({
      id: `${id}-2`,
      phoneNumber: "+12020000002",
      contactData: { name: "Contact 2", phone: "+12020000002" },
      status: "no_answer",
      errorCode: "480",
      attemptCount: 2,
      maxAttempts: 4,
      lastAttemptAt: "2025-02-28T14:10:00Z",
      nextRetryAt: "2025-02-28T14:15:00Z",
      completedAt: null,
      roomName: "outbound_agent_def456_12025550101_1709128800",
      failureReason: "SIP status: 480 Temporarily Unavailable",
      callDuration: 120,
    });
    expect(Object.entries(job.statusBreakdown)).toEqual([
      ["pending", 2],
      ["no_answer", 1],
    ]);
  });

  test("is as it is now, whatever of it changes after it was read", async ({ org }) => {
    const { get } = await client(org);
    const id = await insertDialableJob(org.id, 3, { status: "running" });
    const path = `${id}?contactsPageSize=2`;
    const setContact = (position: number, set: object) =>
      testDatabase
        .updateTable("batch_contacts")
        .set(set)
        .where("organization_id", "=", org.id)
        .where("batch_job_id", "=", id)
        .where("position", "=", position)
        .execute();
    const setJob = (set: object) =>
      testDatabase
        .updateTable("batch_jobs")
        .set(set)
        .where("organization_id", "=", org.id)
        .where("id", "=", id)
        .execute();
    let before = await get(path);
    for (const { change, changed } of [
      { change: () => setContact(2, { room_name: "Room 2" }), changed: "contacts" },
      { change: () => setContact(1, { contact_data: '{"name":"Ana"}' }), changed: "contacts" },
      // A contact of another page.
      { change: () => setContact(3, { status: "busy" }), changed: "statusBreakdown" },
      { change: () => setJob({ description: "Another one" }), changed: "description" },
      { change: () => setJob({ concurrent_call_limit: 7 }), changed: "concurrentCallLimit" },
    ] as const) {
      expect(await get(path), "nothing has changed").toEqual(before);
      await change();
      const after = await get(path);
      expect({ ...after, [changed]: before[changed] }, `only ${changed}`).toEqual(before);
      expect(after[changed]).not.toEqual(before[changed]);
      before = after;
    }
  });

  test("its pages, of any status, have every contact once, in the order of the upload", async ({ org }) => {
    const { get } = await client(org);
    const id = await insertDialableJob(org.id, 25, { status: "running" });
    await testDatabase
      .updateTable("batch_contacts")
      .set({ status: "completed" })
      .where("organization_id", "=", org.id)
      .where("position", "in", [2, 3, 5, 8, 13, 21])
      .execute();
    await recount(org.id);
    const walk = async (query: string) => {
      const positions: number[] = [];
      for (let page = 1, hasMore = true; hasMore; page++) {
        const job = await get(`${id}?contactsPageSize=4&contactsPage=${page}${query}`);
        expect(job).toMatchObject({ contactsPage: page, contactsPageSize: 4 });
        positions.push(...job.contacts.map((contact) => Number(contact.id.split("-").at(-1))));
        expect(job.contactsTotal).toBe(query === "" ? 25 : 6);
        hasMore = job.contactsHasMore;
      }
      return positions;
    };
    expect(await walk("")).toEqual(Array.from({ length: 25 }, (_, at) => at + 1));
    expect(await walk("&contactStatus=completed")).toEqual([2, 3, 5, 8, 13, 21]);
    expect(await get(`${id}?contactStatus=busy`)).toMatchObject({ contacts: [], contactsTotal: 0 });
    expect(await get(`${id}?contactsPage=1000000000&contactsPageSize=500`)).toMatchObject({ contacts: [] });
  });

  test("estimates its end from now at the pace so far, not before its last retry, and only with a dialer", async ({
    org,
  }) => {
    const { get } = await client(org);
    const started = { status: "running" as const, actual_start_time: new Date(Date.now() - 600_000) };
    const id = await insertDialableJob(org.id, 4, { ...started, contacts_processed: 3, failed_calls: 3 });
    const end = async () => Date.parse((await get(id)).estimatedCompletionTime ?? "");
    expect(await end(), "nobody calls the others").toBeNaN();
    await testDatabase.insertInto("dialers").values({ organization_id: org.id, name: "test" }).execute();
    expect(Math.abs((await end()) - Date.now() - 200_000)).toBeLessThan(10_000);
    await testDatabase
      .updateTable("batch_contacts")
      .set({ status: "busy", next_retry_at: new Date(Date.now() + 1_800_000) })
      .where("batch_job_id", "=", id)
      .where("position", "=", 4)
      .execute();
    expect(Math.abs((await end()) - Date.now() - 1_800_000)).toBeLessThan(10_000);
    const [none, finished] = [
      await insertDialableJob(org.id, 4, started),
      await insertDialableJob(org.id, 4, { ...started, status: "cancelled", contacts_processed: 3 }),
    ];
    expect((await get(none)).estimatedCompletionTime).toBeNull();
    expect((await get(finished)).estimatedCompletionTime).toBeNull();
  });

  for (const { query, code, detail } of [
    {
      query: "contactStatus=done",
      code: "invalid_contact_status",
      detail: `Invalid contact status filter value: must be one of ${contactStatuses.join(", ")}; got "done"`,
    },
    { query: "contactStatus=", code: "invalid_contact_status" },
    { query: "contactStatus=busy&contactStatus=busy", code: "invalid_contact_status" },
    { query: "contactsPage=0", code: "invalid_page", detail: "Invalid page number: must be >= 1" },
    { query: "contactsPage=x", code: "invalid_page" },
    {
      query: "contactsPageSize=501",
      code: "invalid_page_size",
      detail: "Invalid page size: must be between 1 and 500",
    },
    { query: "contactsPageSize=0", code: "invalid_page_size" },
  ]) {
    test(`?${query} is ${code}`, async ({ org }) => {
      const { ask } = await client(org);
      const { status, body } = await ask("GET", `batch_none?${query}`);
      expect({ status, code: body.code }).toEqual({ status: 400, code });
      if (detail) expect(body.detail).toBe(detail);
    });
  }
});

/** Every endpoint of a job. */
const endpoints = [
  ["GET", ""],
  ["GET", "?contactStatus=pending"],
  ["HEAD", ""],
  ["GET", "/redis-status"],
  ["POST", "/start"],
  ["POST", "/cancel"],
  ["PATCH", `/reschedule?scheduledStartTime=${inTheFuture}`],
  ["POST", `/reschedule?scheduledStartTime=${inTheFuture}`],
] as const;

test("another organization's job is answered as one that does not exist, byte for byte", async ({
  makeOrg,
  request,
}) => {
  const [own, foreign] = [await makeOrg(), await makeOrg()];
  const headers = await headersOf(own);
  const statuses: BatchJobStatus[] = ["pending", "scheduled", "running", "completed"];
  const absent = uniqueId("batch");
  for (const status of statuses) {
    const id = await insertDialableJob(foreign.id, 2, { status });
    for (const [method, path] of endpoints) {
      const ask = async (jobId: string) => {
        const response = await request.fetch(`/batch/jobs/${jobId}${path}`, { method, headers });
        const { "x-request-id": _id, date: _date, ...rest } = response.headers();
        return { status: response.status(), headers: rest, body: await response.text() };
      };
      const answer = await ask(id);
      expect(answer.status).toBe(404);
      expect(answer, `${method} ${path}`).toEqual(await ask(absent));
      if (method !== "HEAD") {
        expect(answer.body).toBe('{"detail":"Batch job not found","code":"job_not_found"}');
      }
    }
    const job = testDatabase.selectFrom("batch_jobs").where("id", "=", id).select("status");
    expect(await job.executeTakeFirst()).toEqual({ status });
  }
});

test("jobs of the same id in two organizations are told apart", async ({ makeOrg }) => {
  const [one, other] = [await makeOrg(), await makeOrg()];
  const id = uniqueId("batch");
  for (const org of [one, other]) {
    await insertDialableJob(org.id, org === one ? 2 : 3, { id, name: org.id });
  }
  const { ask, get } = await client(one);
  const { get: getOther } = await client(other);
  await ask("POST", `${id}/cancel`);
  // The second time from the server's cache.
  for (let time = 0; time < 2; time++) {
    expect(await get(id)).toMatchObject({
      name: one.id,
      totalContacts: 2,
      statusBreakdown: { cancelled: 2 },
    });
    expect(await getOther(id)).toMatchObject({ name: other.id, statusBreakdown: { pending: 3 } });
  }
});

test("ids that cannot be one are no jobs", async ({ org }) => {
  const { ask } = await client(org);
  for (const id of ["%00", "a%2Fb", "%E2%82%AC", "x".repeat(129), "'", "__proto__"]) {
    for (const [method, path] of endpoints.filter(([method]) => method !== "HEAD")) {
      const { status, body } = await ask(method, `${id}${path}`);
      expect({ id, status, code: body.code }).toEqual({ id, status: 404, code: "job_not_found" });
    }
  }
});

test("each endpoint wants a key with its scope", async ({ org, request }) => {
  const id = await insertDialableJob(org.id, 1);
  const [readKey, manageKey] = [await org.keyWith("read"), await org.keyWith("manage")];
  for (const [method, path] of endpoints.filter(([method]) => method !== "HEAD")) {
    const [scope, other] = method === "GET" ? ["read", manageKey] : ["manage", readKey];
    for (const [key, status, code] of [
      [undefined, 401, "missing_api_key"],
      ["nonsense", 401, "invalid_api_key"],
      [other, 403, "insufficient_scope"],
    ] as const) {
      const headers: Record<string, string> = key === undefined ? {} : { Authorization: `Bearer ${key}` };
      const response = await request.fetch(`/batch/jobs/${id}${path}`, { method, headers });
      expect({ status: response.status(), code: (await response.json()).code }).toEqual({ status, code });
      if (status === 403) expect(response.headers()["www-authenticate"]).toContain(`scope="${scope}"`);
    }
  }
});

for (const [path, allowed] of [
  ["", "GET, HEAD, OPTIONS"],
  ["/start", "POST, OPTIONS"],
  ["/cancel", "POST, OPTIONS"],
  ["/reschedule", "PATCH, POST, OPTIONS"],
  ["/redis-status", "GET, HEAD, OPTIONS"],
]) {
  test(`/batch/jobs/{id}${path} allows ${allowed}`, async ({ org }) => {
    const { ask } = await client(org);
    for (const method of ["PUT", "DELETE"]) {
      const { status, body, headers } = await ask(method, `batch_x${path}`);
      expect({ status, code: body.code }).toEqual({ status: 405, code: "method_not_allowed" });
      expect(headers.allow).toBe(allowed);
    }
  });
}

test("a parameter that an endpoint does not know is named, or refused for a client that asks for it", async ({
  org,
  request,
}) => {
  const headers = await headersOf(org);
  const id = await insertDialableJob(org.id, 1);
  for (const [method, path, hint] of [
    // Otherwise, the job would start at another time.
    [
      "PATCH",
      `/reschedule?organizationId=${org.id}&scheduledStartTime=${inTheFuture}&`,
      "did you mean timezone?",
    ],
    ["GET", "/redis-status?", "there are none"],
    ["POST", `/start?organizationId=${org.id}&`, "there are organizationId"],
    ["POST", "/cancel?organizationId=&", "there are organizationId"],
  ] as const) {
    const ask = (more: Record<string, string>) =>
      request.fetch(`/batch/jobs/${id}${path}timeZone=Asia/Tokyo`, {
        method,
        headers: { ...headers, ...more },
      });
    const strict = await ask({ Prefer: "handling=strict" });
    expect(await strict.json()).toEqual({
      code: "unknown_parameter",
      detail: `Unknown parameter "timeZone": ${hint}`,
    });
    const lenient = await ask({});
    expect(lenient.status(), path).toBe(200);
    expect(lenient.headers()["x-ignored-parameters"], path).toBe("timeZone");
  }
});

test("a write for another organization than the key's is refused, as a list is", async ({ org, request }) => {
  const id = await insertDialableJob(org.id, 1);
  const headers = { Authorization: `Bearer ${await org.keyWith("manage", "dial")}` };
  const writes = endpoints.filter(([method]) => method !== "GET" && method !== "HEAD");
  const paths = writes.map(([method, path]) => [method, `/batch/jobs/${id}${path}`] as const);
  for (const [method, path] of [
    ...paths,
    ["POST", "/batch/calls/claim"],
    ["POST", "/batch/create"],
  ] as const) {
    const url = new URL(path, "http://localhost");
    url.searchParams.set("organizationId", "org_zzz");
    const response = await request.fetch(url.pathname + url.search, { method, headers });
    expect({ status: response.status(), body: await response.json() }, path).toEqual({
      status: 403,
      body: { detail: "This API key does not belong to that organization", code: "organization_forbidden" },
    });
  }
  expect((await org.list()).batchJobs).toMatchObject([{ id, status: "pending" }]);
  const own = `/batch/jobs/${id}/start?organizationId=${org.id}`;
  expect((await request.post(own, { headers })).status()).toBe(200);
  const claim = `/batch/calls/claim?organizationId=${org.id}&max=1`;
  const claimed = await request.post(claim, { headers, data: { dialer: "test" } });
  expect(claimed.headers()["x-ignored-parameters"]).toBe("max");
});

test("the same Idempotency-Key repeats the answer", async ({ org, request }) => {
  const id = await insertDialableJob(org.id, 2);
  const headers = { ...(await headersOf(org)), "Idempotency-Key": uniqueId("start") };
  const start = () => request.post(`/batch/jobs/${id}/start`, { headers });
  const [first, second] = [await start(), await start()];
  expect(second.status()).toBe(200);
  expect(await second.text()).toBe(await first.text());
  expect(second.headers()["idempotent-replayed"]).toBe("true");
});
