import { sql } from "kysely";
import { endLeases, insertDialableJob, setConcurrentCallLimit, testDatabase } from "@/db/fixtures";
import { Dialer, expect, test } from "./dialer";

// Dialers claim calls, ask to dial, and report results.

const seconds = (time: string | Date) => new Date(time).getTime() / 1_000;
const now = () => Date.now() / 1_000;

test.describe("a call", () => {
  test("is claimed, dialed and reported; the job starts and completes", async ({ dialer }) => {
    await testDatabase
      .insertInto("phone_numbers")
      .values({
        organization_id: dialer.org.id,
        id: "phone_1",
        phone_number: "+12025550100",
        agent_id: "agent_1",
      })
      .execute();
    const id = await dialer.addJob(1);
    const { calls } = await dialer.claim({ leaseSeconds: 45, max: 3 });
    expect(calls).toHaveLength(1);
    const [call] = calls;
    if (!call) return;
    expect(call).toEqual({
      callId: expect.stringMatching(/^call_[0-9a-f]{32}$/),
      batchJobId: id,
      contactId: expect.any(String),
      phoneNumber: "+12020000001",
      contactData: { phone: "+12020000001", name: "Contact 1" },
      agentId: "agent_1",
      fromPhoneNumberId: "phone_1",
      fromPhoneNumber: "+12025550100",
      attempt: 1,
      maxAttempts: 3,
      leaseUntil: expect.any(String),
    });
    expect(seconds(call.leaseUntil) - now()).toBeGreaterThan(40);
    expect(seconds(call.leaseUntil) - now()).toBeLessThanOrEqual(45);
    const started = await dialer.job(id);
    expect(started).toMatchObject({ status: "running", contactsProcessed: 0, completedAt: null });
    expect(seconds(started.actualStartTime ?? "")).toBeLessThanOrEqual(now());

    const dialing = await dialer.dialing(call.callId, { leaseSeconds: 100, roomName: "room" });
    expect(dialing).toMatchObject({ callId: call.callId, contactId: call.contactId, attempt: 1 });
    expect(seconds(dialing.leaseUntil) - now()).toBeGreaterThan(90);
    const [contact] = await dialer.contacts(id);
    expect(contact).toMatchObject({ status: "dialing", attempt_count: 1, room_name: "room" });

    expect(await dialer.result(call.callId, "completed", { callDuration: 12 })).toEqual({
      id: call.contactId,
      phoneNumber: "+12020000001",
      contactData: { phone: "+12020000001", name: "Contact 1" },
      status: "completed",
      errorCode: null,
      attemptCount: 1,
      maxAttempts: 3,
      lastAttemptAt: expect.any(String),
      nextRetryAt: null,
      completedAt: expect.any(String),
      roomName: "room",
      failureReason: null,
      callDuration: 12,
    });
    const done = await dialer.job(id);
    expect(done).toMatchObject({
      status: "completed",
      contactsProcessed: 1,
      successfulCalls: 1,
      failedCalls: 0,
    });
    expect(Math.abs(seconds(done.completedAt ?? "") - now())).toBeLessThan(5);
    expect((await dialer.claim()).calls).toEqual([]);
  });

  for (const status of ["blocked", "invalid_number", "carrier_error", "failed"]) {
    test(`that ends as ${status} is over and has failed`, async ({ dialer }) => {
      const id = await dialer.addJob(2);
      const contact = await dialer.call(status, { errorCode: "603", failureReason: "Declined" });
      expect(contact).toMatchObject({
        status,
        errorCode: "603",
        failureReason: "Declined",
        nextRetryAt: null,
      });
      expect(contact.completedAt).not.toBeNull();
      expect(await dialer.job(id)).toMatchObject({ status: "running", contactsProcessed: 1, failedCalls: 1 });
    });
  }

  test("without an answer is repeated after 5 and 30 minutes, and fails when no attempts are left", async ({
    dialer,
  }) => {
    const id = await dialer.addJob(1, { retry_max_attempts: 4 });
    for (const [attempt, minutes] of [5, 30, 30].entries()) {
      const { callId } = await dialer.claimOne();
      await dialer.dialing(callId, { roomName: "room" });
      const contact = await dialer.result(callId, "no_answer", { errorCode: "480" });
      expect(contact).toMatchObject({ status: "no_answer", errorCode: "480", attemptCount: attempt + 1 });
      expect(contact.roomName, "of nobody who was connected").toBeNull();
      expect(contact.completedAt).toBeNull();
      expect(Math.abs(seconds(contact.nextRetryAt ?? "") - now() - minutes * 60)).toBeLessThan(5);
      expect((await dialer.claim()).calls, "not before its time").toEqual([]);
      await dialer.skipRetryDelays();
    }
    const last = await dialer.call("no_answer", { errorCode: "480" });
    expect(last).toMatchObject({
      status: "failed",
      errorCode: "480",
      failureReason: "No answer after 4 attempts",
    });
    expect(await dialer.job(id)).toMatchObject({ status: "completed", contactsProcessed: 1, failedCalls: 1 });
  });

  test("is repeated for the results of the job's retry policy, after the time that the dialer gives", async ({
    dialer,
  }) => {
    await dialer.addJob(2, { retry_retryable_statuses: ["busy"] });
    expect(await dialer.call("timeout")).toMatchObject({
      status: "failed",
      failureReason: "Timeout after 1 attempt",
    });
    const contact = await dialer.call("busy", { retryAfterSeconds: 100 });
    expect(Math.abs(seconds(contact.nextRetryAt ?? "") - now() - 100)).toBeLessThan(5);
  });

  test("that was not dialed gives its contact back, for another dialer, and costs no attempt", async ({
    dialer,
  }) => {
    const id = await dialer.addJob(1);
    const first = await dialer.claimOne();
    expect(await dialer.result(first.callId, "not_dialed")).toMatchObject({
      status: "pending",
      attemptCount: 0,
    });
    const second = await dialer.claimOne();
    expect(second).toMatchObject({ contactId: first.contactId, attempt: 1 });
    const later = await dialer.result(second.callId, "not_dialed", { retryAfterSeconds: 600 });
    expect(later.status).toBe("pending");
    expect(Math.abs(seconds(later.nextRetryAt ?? "") - now() - 600)).toBeLessThan(5);
    expect((await dialer.claim()).calls).toEqual([]);
    await dialer.skipRetryDelays();
    await dialer.call("busy");
    await dialer.skipRetryDelays();
    const third = await dialer.claimOne();
    expect(await dialer.result(third.callId, "not_dialed"), "as before").toMatchObject({
      status: "busy",
      attemptCount: 1,
      nextRetryAt: expect.any(String),
    });
    expect(await dialer.job(id)).toMatchObject({ contactsProcessed: 0 });
  });

  test("is dialed only once permitted, and permission is asked for by the same call again", async ({
    dialer,
  }) => {
    await dialer.addJob(1);
    const { callId } = await dialer.claimOne();
    expect(await dialer.refusal(`/batch/calls/${callId}/result`, { status: "completed" })).toBe(
      "409 invalid_result",
    );
    const first = await dialer.dialing(callId, { leaseSeconds: 30 });
    const again = await dialer.dialing(callId, { leaseSeconds: 14_400 });
    expect(again.attempt).toBe(1);
    expect(seconds(again.leaseUntil) - seconds(first.leaseUntil)).toBeGreaterThan(14_000);
    expect(await dialer.refusal(`/batch/calls/${callId}/result`, { status: "not_dialed" })).toBe(
      "409 invalid_result",
    );
    await dialer.result(callId, "completed");
    expect(await dialer.refusal(`/batch/calls/${callId}/dialing`)).toBe("409 already_reported");
  });

  test("takes the same report again, and no other one", async ({ dialer }) => {
    await dialer.addJob(2);
    const { callId } = await dialer.claimOne();
    await dialer.dialing(callId);
    const report = { errorCode: "486", failureReason: "Busy here" };
    const first = await dialer.result(callId, "busy", report);
    expect(await dialer.result(callId, "busy", report)).toEqual(first);
    for (const other of [{ status: "completed" }, { status: "busy" }, { status: "not_dialed" }]) {
      expect(await dialer.refusal(`/batch/calls/${callId}/result`, other)).toMatch(/^409 already_reported/);
    }
    const { callId: second } = await dialer.claimOne();
    await dialer.result(second, "not_dialed", { failureReason: "The trunk is busy" });
    await dialer.result(second, "not_dialed", { failureReason: "The trunk is busy" });
    expect(await dialer.refusal(`/batch/calls/${second}/result`, { status: "busy" })).toBe(
      "409 already_reported",
    );
  });

  test("of many at once is one each, whoever asks", async ({ dialer }) => {
    const id = await dialer.addJob(1);
    const { callId } = await dialer.claimOne();
    await Promise.all(Array.from({ length: 6 }, () => dialer.dialing(callId)));
    await Promise.all(Array.from({ length: 6 }, () => dialer.result(callId, "completed")));
    expect((await dialer.contacts(id))[0]).toMatchObject({ attempt_count: 1 });
    expect(await dialer.job(id)).toMatchObject({ contactsProcessed: 1, successfulCalls: 1 });
  });
});

test.describe("a lease that ends", () => {
  test("before dialing loses the call; its contact is claimed by another", async ({ dialer }) => {
    const id = await dialer.addJob(1);
    const lost = await dialer.claimOne();
    await endLeases(dialer.org.id);
    expect(await dialer.refusal(`/batch/calls/${lost.callId}/dialing`)).toBe("409 lease_lost");
    const found = await expect
      .poll(async () => (await dialer.claim()).calls.map((call) => call.contactId), { timeout: 20_000 })
      .toEqual([lost.contactId]);
    expect(found).toBeUndefined();
    for (const path of ["dialing", "result"]) {
      const fields = path === "result" ? { status: "completed" } : {};
      expect(await dialer.refusal(`/batch/calls/${lost.callId}/${path}`, fields)).toBe("409 lease_lost");
    }
    expect((await dialer.contacts(id))[0]).toMatchObject({ status: "queued", attempt_count: 0 });
  });

  test("while dialing ends the contact as failed, until a late report corrects it, even of a completed job", async ({
    dialer,
  }) => {
    const id = await dialer.addJob(3);
    const calls = [await dialer.claimOne(), await dialer.claimOne(), await dialer.claimOne()];
    for (const { callId } of calls) await dialer.dialing(callId);
    await endLeases(dialer.org.id);
    await expect.poll(async () => (await dialer.job(id)).status, { timeout: 20_000 }).toBe("completed");
    const before = await dialer.job(id);
    expect(before).toMatchObject({ contactsProcessed: 3, successfulCalls: 0, failedCalls: 3 });
    for (const contact of await dialer.contacts(id)) {
      expect(contact).toMatchObject({
        ...{ status: "failed", error_code: "no_report", attempt_count: 1 },
        failure_reason: "No report from the dialer; not called again",
      });
    }
    const [first, second, third] = calls.map(({ callId }) => callId);
    expect(await dialer.refusal(`/batch/calls/${first}/dialing`)).toBe("409 lease_lost");
    const corrected = await dialer.result(first ?? "", "completed", { callDuration: 9 });
    expect(corrected).toMatchObject({
      status: "completed",
      errorCode: null,
      failureReason: null,
      callDuration: 9,
    });
    const late = await dialer.result(second ?? "", "no_answer", { errorCode: "480" });
    expect(late).toMatchObject({
      status: "failed",
      errorCode: "480",
      failureReason: "No answer after 1 attempt",
      nextRetryAt: null,
    });
    expect(await dialer.result(third ?? "", "blocked")).toMatchObject({ status: "blocked" });
    await dialer.result(first ?? "", "completed", { callDuration: 9 });
    expect(await dialer.refusal(`/batch/calls/${first}/result`, { status: "failed" })).toBe(
      "409 already_reported",
    );
    expect(await dialer.job(id)).toEqual({ ...before, successfulCalls: 1, failedCalls: 2 });
  });
});

test("a call that cannot be settled does not keep the others", async ({ dialer }) => {
  const id = await dialer.addJob(3);
  const { calls } = await dialer.claim({ max: 3 });
  const name = sql.id(`fail_${dialer.org.id}`);
  await sql`
    create function ${name}() returns trigger language plpgsql as $$ begin raise exception 'for the test'; end $$;
    create trigger ${name} before update on batch_calls for each row
    when (new.id = ${sql.lit(calls[0]?.callId)} and new.result = 'lapsed') execute function ${name}();
  `.execute(testDatabase);
  try {
    await endLeases(dialer.org.id);
    const statuses = async () => (await dialer.contacts(id)).map(({ status }) => status);
    await expect.poll(statuses, { timeout: 20_000 }).toEqual(["queued", "pending", "pending"]);
  } finally {
    await sql`drop function ${name}() cascade`.execute(testDatabase);
  }
});

/** Claims by many at once, of two dialers' keys and instances. */
async function claimAtOnce(dialer: Dialer, times: number, max: number) {
  const claims = await Promise.all(Array.from({ length: times }, () => dialer.claim({ max })));
  return claims.flatMap(({ calls }) => calls);
}

test.describe("limits", () => {
  test("of the organization hold, over all jobs, however many claim at once", async ({ dialer }) => {
    await setConcurrentCallLimit(dialer.org.id, 7);
    for (let job = 0; job < 3; job++) await dialer.addJob(20, { concurrent_call_limit: 50 });
    const calls = await claimAtOnce(dialer, 12, 5);
    expect(calls).toHaveLength(7);
    expect(new Set(calls.map((call) => call.contactId)).size).toBe(7);
    const [call] = calls;
    await dialer.result(call?.callId ?? "", "not_dialed");
    expect(await claimAtOnce(dialer, 12, 5)).toHaveLength(1);
    expect(await dialer.claim({ max: 5 })).toEqual({ calls: [], nextPollSeconds: 1 });
  });

  test("of a job hold, and leave room for other jobs", async ({ dialer }) => {
    await setConcurrentCallLimit(dialer.org.id, 50);
    const small = await dialer.addJob(20, { concurrent_call_limit: 2 });
    const large = await dialer.addJob(20, { concurrent_call_limit: 9 });
    const calls = await claimAtOnce(dialer, 12, 5);
    expect(calls.filter((call) => call.batchJobId === small)).toHaveLength(2);
    expect(calls.filter((call) => call.batchJobId === large)).toHaveLength(9);
  });

  test("are five calls, of an organization that has set none", async ({ dialer }) => {
    await dialer.addJob(20, { concurrent_call_limit: 50 });
    expect(await claimAtOnce(dialer, 12, 5)).toHaveLength(5);
  });
});

test.describe("which contact is next", () => {
  const claimJobs = async (dialer: Dialer, max: number) =>
    (await dialer.claim({ max })).calls.map((call) => call.batchJobId);

  test("jobs get equally many calls, the older one first, and no large job keeps others waiting", async ({
    dialer,
  }) => {
    await setConcurrentCallLimit(dialer.org.id, 6);
    const created = (minutes: number) => ({
      created_at: new Date(Date.now() - minutes * 60_000),
      concurrent_call_limit: 50,
    });
    const large = await dialer.addJob(100, created(3));
    const second = await dialer.addJob(4, created(2));
    const third = await dialer.addJob(4, created(1));
    expect(await claimJobs(dialer, 4)).toEqual([large, second, third, large]);
    expect(await claimJobs(dialer, 2), "those with the fewest open calls").toEqual([second, third]);
  });

  test("jobs take turns when there is room for fewer calls than jobs", async ({ dialer }) => {
    await setConcurrentCallLimit(dialer.org.id, 1);
    const jobs: string[] = [];
    for (let job = 0; job < 3; job++) {
      jobs.push(await dialer.addJob(9, { created_at: new Date(Date.now() - (60 - job) * 1_000) }));
    }
    const turns: string[] = [];
    for (let turn = 0; turn < 6; turn++) {
      const call = await dialer.claimOne();
      turns.push(call.batchJobId);
      await dialer.dialing(call.callId);
      await dialer.result(call.callId, "completed");
    }
    expect(turns).toEqual([...jobs, ...jobs]);
  });

  test("of a job, contacts whose retry is due come first, then the order of the upload", async ({
    dialer,
  }) => {
    await dialer.addJob(3);
    const first = await dialer.call("busy");
    await dialer.skipRetryDelays();
    const { calls } = await dialer.claim({ max: 5 });
    expect(calls[0]).toMatchObject({ contactId: first.id, attempt: 2 });
    expect(calls.map((call) => call.phoneNumber.at(-1))).toEqual(["1", "2", "3"]);
  });

  test("only of a job that was asked for, that is due, and that has contacts here", async ({ dialer }) => {
    const past = new Date(Date.now() - 5_000);
    const future = new Date(Date.now() + 20_000);
    const due = await dialer.addJob(1, { status: "scheduled", scheduled_start_time: past });
    const later = await dialer.addJob(1, { status: "scheduled", scheduled_start_time: future });
    await dialer.addJob(1, { status: "running", has_contacts: false });
    for (const status of ["completed", "failed", "cancelled"] as const) await dialer.addJob(1, { status });
    expect((await dialer.claim({ batchJobId: later })).calls).toEqual([]);
    const { calls } = await dialer.claim({ max: 50, batchJobId: due });
    expect(calls.map((call) => call.batchJobId)).toEqual([due]);
    const nothing = await dialer.claim({ max: 50 });
    expect(nothing.calls).toEqual([]);
    expect(nothing.nextPollSeconds, "until the scheduled start").toBeGreaterThan(10);
    expect(nothing.nextPollSeconds).toBeLessThanOrEqual(20);
    expect(await dialer.refusal("/batch/calls/claim", { dialer: "x", batchJobId: "batch_x" })).toBe(
      "404 job_not_found",
    );
  });

  test("nextPollSeconds is the time to the next retry, from 1 to 30", async ({ dialer }) => {
    expect(await dialer.claim()).toEqual({ calls: [], nextPollSeconds: 30 });
    await dialer.addJob(2);
    expect(
      await dialer.claimOne().then(({ callId }) => dialer.dialing(callId).then(() => callId)),
    ).toBeTruthy();
    const { callId, ...rest } = await dialer.claimOne();
    expect(rest.attempt).toBe(1);
    await dialer.dialing(callId);
    await dialer.result(callId, "busy", { retryAfterSeconds: 12 });
    const { nextPollSeconds } = await dialer.claim();
    expect(nextPollSeconds).toBeGreaterThan(8);
    expect(nextPollSeconds).toBeLessThanOrEqual(12);
  });
});

test.describe("a phone number that several jobs have", () => {
  const minutesAgo = (minutes: number) => ({ created_at: new Date(Date.now() - minutes * 60_000) });
  /** Each of these jobs has the numbers from this one on. */
  const addJob = (dialer: Dialer, contacts: number, minutes: number, firstNumber = 1) =>
    insertDialableJob(dialer.org.id, contacts, minutesAgo(minutes), firstNumber);
  const claimContacts = async (dialer: Dialer, fields: Parameters<Dialer["claim"]>[0] = { max: 5 }) =>
    (await dialer.claim(fields)).calls.map(({ contactId }) => contactId);

  test("is called by one of them at a time: the job whose turn it is", async ({ dialer, makeDialer }) => {
    const first = await addJob(dialer, 2, 2);
    const second = await addJob(dialer, 2, 1);
    const { calls } = await dialer.claim({ max: 5 });
    expect(calls.map(({ contactId }) => contactId)).toEqual([`${first}-1`, `${first}-2`]);
    const nothing = { calls: [], nextPollSeconds: 1 };
    expect(await dialer.claim({ max: 5 })).toEqual(nothing);
    const [one, two] = calls.map(({ callId }) => callId) as [string, string];
    await dialer.dialing(one);
    expect(await dialer.claim({ batchJobId: second })).toEqual(nothing);
    await dialer.result(one, "busy", { retryAfterSeconds: 600 });
    expect(await claimContacts(dialer)).toEqual([`${second}-1`]);
    await dialer.skipRetryDelays();
    expect(await dialer.claim({ max: 5 }), "nor again while the other one calls").toEqual(nothing);
    await dialer.result(two, "not_dialed");
    expect(await claimContacts(dialer), "of the job with fewer calls").toEqual([`${first}-2`]);

    const other = await makeDialer();
    const elsewhere = await addJob(other, 2, 1);
    expect(await claimContacts(other)).toEqual([`${elsewhere}-1`, `${elsewhere}-2`]);
  });

  test("keeps neither later contacts waiting nor other jobs", async ({ dialer }) => {
    await setConcurrentCallLimit(dialer.org.id, 50);
    const calling = await addJob(dialer, 5, 3);
    await dialer.claim({ max: 5, batchJobId: calling });
    const longer = await addJob(dialer, 7, 2);
    expect(await claimContacts(dialer, { max: 1, batchJobId: longer })).toEqual([`${longer}-6`]);
    await addJob(dialer, 3, 1);
    const other = await addJob(dialer, 1, 0, 8);
    expect(await claimContacts(dialer, { max: 1 }), "though an older one has no calls").toEqual([
      `${other}-1`,
    ]);
  });

  test("is called once, however many claim at once", async ({ dialer }) => {
    await setConcurrentCallLimit(dialer.org.id, 50);
    for (const minutes of [3, 2, 1]) await addJob(dialer, 12, minutes);
    const calls = await claimAtOnce(dialer, 12, 5);
    expect(calls).toHaveLength(12);
    expect(new Set(calls.map((call) => call.phoneNumber)).size).toBe(12);
  });
});

test.describe("a refused request names what is wrong", () => {
  const claim = "/batch/calls/claim";
  const wrong: [path: string, fields: unknown, code: string, detail: string][] = [
    [claim, {}, "missing_dialer", "dialer is missing: it must be a string"],
    [claim, { dialer: "" }, "invalid_dialer", 'dialer must have 1 to 128 characters; got ""'],
    [claim, { dialer: 5 }, "invalid_dialer", "dialer must be a string; got 5"],
    [claim, { dialer: "x", max: 0 }, "invalid_max", "max must be a whole number from 1 to 50; got 0"],
    [claim, { dialer: "x", max: 51 }, "invalid_max", "max must be a whole number from 1 to 50; got 51"],
    [claim, { dialer: "x", max: 1.5 }, "invalid_max", "max must be a whole number from 1 to 50; got 1.5"],
    [claim, { dialer: "x", max: "5" }, "invalid_max", 'max must be a whole number from 1 to 50; got "5"'],
    [
      claim,
      { dialer: "x", leaseSeconds: 29 },
      "invalid_lease_seconds",
      "leaseSeconds must be a whole number from 30 to 600; got 29",
    ],
    [
      claim,
      { dialer: "x", batchJobId: "a b" },
      "invalid_batch_job_id",
      'batchJobId must be 1 to 128 characters of A-Z a-z 0-9 _ -; got "a b"',
    ],
    [
      claim,
      { dialer: "x", leaseSecond: 30 },
      "unknown_field",
      'Unknown field "leaseSecond": did you mean leaseSeconds?',
    ],
    [claim, [], "invalid_body", "The body must be a JSON object"],
    [claim, { dialer: ["x"] }, "invalid_dialer", 'dialer must be a string; got ["x"]'],
    [
      "dialing",
      { leaseSeconds: 14_401 },
      "invalid_lease_seconds",
      "leaseSeconds must be a whole number from 30 to 14400; got 14401",
    ],
    ["dialing", { roomName: "" }, "invalid_room_name", 'roomName must have 1 to 256 characters; got ""'],
    [
      "result",
      { status: "connected" },
      "invalid_status",
      'status must be one of completed, no_answer, busy, timeout, blocked, invalid_number, carrier_error, failed, not_dialed; got "connected"',
    ],
    ["result", {}, "missing_status", "status is missing: it must be one of completed"],
    ["result", { status: "busy", callDuration: -1 }, "invalid_call_duration", "callDuration must be"],
    [
      "result",
      { status: "busy", errorCode: "x".repeat(65) },
      "invalid_error_code",
      "errorCode must have 1 to 64",
    ],
    [
      "result",
      { status: "busy", failureReason: "\u0007" },
      "invalid_failure_reason",
      "failureReason must not contain",
    ],
    [
      "result",
      { status: "completed", retryAfterSeconds: 5 },
      "invalid_retry_after_seconds",
      "retryAfterSeconds can only be given with not_dialed, no_answer, busy, timeout; got 5",
    ],
    ["fail", {}, "missing_reason", "reason is missing: it must be a string"],
    ["fail", { reason: "" }, "invalid_reason", 'reason must have 1 to 1000 characters; got ""'],
  ];
  test("every field, one by one; nothing is changed", async ({ dialer }) => {
    const id = await dialer.addJob(1);
    const { callId } = await dialer.claimOne();
    const before = await dialer.contacts(id);
    const paths: Record<string, string> = {
      dialing: `/batch/calls/${callId}/dialing`,
      result: `/batch/calls/${callId}/result`,
      fail: `/batch/jobs/${id}/fail`,
    };
    for (const [path, fields, code, detail] of wrong) {
      const response = await dialer.post(paths[path] ?? path, fields);
      const answer = await response.json();
      expect(answer, JSON.stringify(fields)).toEqual({ code, detail: expect.stringContaining(detail) });
      expect(response.status()).toBe(400);
    }
    expect(await dialer.contacts(id)).toEqual(before);
  });

  test("a call or job of another organization like one that does not exist", async ({
    dialer,
    makeDialer,
  }) => {
    const id = await dialer.addJob(2);
    const { callId } = await dialer.claimOne();
    const before = await dialer.contacts(id);
    const other = await makeDialer();
    for (const [path, absent, fields] of [
      [`/batch/calls/${callId}/dialing`, "/batch/calls/call_x/dialing", {}],
      ["/batch/calls/%00/dialing", "/batch/calls/call_x/dialing", {}],
      [`/batch/calls/${callId}/result`, "/batch/calls/call_x/result", { status: "completed" }],
      [`/batch/jobs/${id}/fail`, "/batch/jobs/batch_x/fail", { reason: "x" }],
    ] as const) {
      const [foreign, none] = [await other.post(path, fields), await other.post(absent, fields)];
      expect(foreign.status()).toBe(404);
      expect(await foreign.text()).toBe(await none.text());
    }
    const claims = [
      await other.post(claim, { dialer: "x", batchJobId: id }),
      await other.post(claim, { dialer: "x", batchJobId: "batch_x" }),
    ];
    expect(await claims[0]?.text()).toBe(await claims[1]?.text());
    expect((await other.claim({ max: 50 })).calls).toEqual([]);
    expect(await dialer.contacts(id)).toEqual(before);
  });

  test("a key that may not dial, before anything else", async ({ dialer, org }) => {
    const id = await dialer.addJob(1);
    const { callId } = await dialer.claimOne();
    const reader = new Dialer(dialer.org, await dialer.org.keyWith("read", "manage"));
    for (const path of [claim, `/batch/calls/${callId}/dialing`, `/batch/calls/${callId}/result`]) {
      expect(await reader.refusal(path, {}), path).toBe("403 insufficient_scope");
    }
    expect(await reader.refusal(`/batch/jobs/${id}/fail`, {})).toBe("403 insufficient_scope");
    expect(await new Dialer(org, "x").refusal(claim, {})).toBe("401 invalid_api_key");
  });
});

test.describe("a job that its dialer fails", () => {
  test("is failed, and calls that are not being dialed are cancelled", async ({ dialer }) => {
    const id = await dialer.addJob(5, { concurrent_call_limit: 3 });
    await dialer.call("busy");
    const [dialed, queued] = [await dialer.claimOne(), await dialer.claimOne()];
    await dialer.dialing(dialed.callId);
    const response = await dialer.post(`/batch/jobs/${id}/fail`, { reason: "The trunk is gone" });
    expect(await response.json()).toEqual({
      success: true,
      message: "Job failed - cancelled remaining contacts",
      batchJobId: id,
      status: "failed",
      contactsCancelled: 4,
    });
    expect(await dialer.refusal(`/batch/calls/${queued.callId}/dialing`)).toBe("409 call_cancelled");
    expect(await dialer.refusal(`/batch/calls/${queued.callId}/result`, { status: "not_dialed" })).toBe(
      "409 call_cancelled",
    );
    expect((await dialer.claim()).calls).toEqual([]);
    expect(await dialer.result(dialed.callId, "no_answer"), "not called again").toMatchObject({
      status: "failed",
      failureReason: "No answer after 1 attempt",
    });
    const statuses = (await dialer.contacts(id)).map(({ status }) => status);
    expect(statuses).toEqual(["cancelled", "failed", "cancelled", "cancelled", "cancelled"]);
    expect(await dialer.job(id)).toMatchObject({ status: "failed", contactsProcessed: 1, failedCalls: 1 });
    const again = await dialer.post(`/batch/jobs/${id}/fail`, { reason: "again" });
    expect(again.status()).toBe(400);
    expect(await again.json()).toEqual({
      code: "invalid_status",
      detail: "Cannot fail job in 'failed' status. Only 'running' jobs can be failed.",
    });
  });

  test("and a call about to be dialed: exactly one of both wins", async ({ dialer }) => {
    for (let round = 0; round < 8; round++) {
      const id = await dialer.addJob(3, { concurrent_call_limit: 3 });
      const { calls } = await dialer.claim({ max: 3 });
      const [failed, ...permits] = await Promise.all([
        dialer.post(`/batch/jobs/${id}/fail`, { reason: "x" }),
        ...calls.map(({ callId }) => dialer.post(`/batch/calls/${callId}/dialing`)),
      ]);
      const permitted = permits.map((response) => response.status() === 200);
      expect((await failed.json()).contactsCancelled).toBe(permitted.filter((is) => !is).length);
      const statuses = new Map(
        (await dialer.contacts(id)).map((contact) => [contact.phone_number, contact.status]),
      );
      for (const [at, call] of calls.entries()) {
        expect(statuses.get(call.phoneNumber)).toBe(permitted[at] ? "dialing" : "cancelled");
        if (permitted[at]) await dialer.result(call.callId, "completed");
      }
    }
  });
});
