import fc from "fast-check";
import { insertDialableJob, insertPhoneNumber, setConcurrentCallLimit } from "@/db/fixtures";
import { BatchJobList, type BatchJobStatus, batchJobStatuses } from "@/lib/batch-jobs/schema";
import { expect, makePerson, signIn, test } from "./fixtures";
import { sendBothWays, sendRaw } from "./raw-http";
import { addresses } from "./servers";

// Random requests, with a fixed seed, so that a failure can be repeated.

const seed = 20_261_123;

const names = [
  "organizationId",
  "status",
  "page",
  "pageSize",
  "limit",
  "__proto__",
  "page[]",
  "constructor",
  "",
];
const values = [
  ...[
    "",
    "1",
    "0",
    "-1",
    "20",
    "100",
    "101",
    "1e9",
    "1000000000",
    "%00",
    "%FF",
    "%",
    "%zz",
    "a,b",
    "running",
    "running,,",
  ],
  ...[
    "RUNNING",
    "%F0%9F%92%A9",
    "%ED%A0%80",
    "../..",
    "'--",
    "%0d%0aX:y",
    "null",
    "[object Object]",
    "+",
    "%20",
    "ä",
  ],
];

const piece = fc.oneof(
  fc.constantFrom(...values),
  fc.string({ maxLength: 30 }).map(encodeURIComponent),
  fc.stringMatching(/^[!-~]{0,20}$/).map((text) => text.replaceAll("#", "")),
);
const query = fc
  .array(fc.tuple(fc.constantFrom(...names), piece), { maxLength: 6 })
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join("&"));
const headerName = fc.constantFrom(
  "Authorization",
  "x-api-key",
  "Accept",
  "Cookie",
  "Host",
  "X-Forwarded-Host",
  "RSC",
  "Range",
);
const headerValue = fc.stringMatching(/^[ -~\x80-\xff]{0,60}$/);
const path = fc.constantFrom(
  "/batch/jobs",
  "/batch/jobs",
  "/batch/jobs",
  "/batch/jobs/",
  "/batch",
  "/batch/%2e%2e/x",
  "/batch/jobs%3F",
  "/batch/jobs%",
  "/%zz",
  "/batch/%ff",
);
const method = fc.constantFrom(
  "GET",
  "GET",
  "GET",
  "GET",
  "HEAD",
  "OPTIONS",
  "POST",
  "DELETE",
  "TRACE",
  "PROPFIND",
);

test("thousands of random API requests get a documented response, never a 5xx, without internals", async ({
  org,
}) => {
  test.setTimeout(180_000);
  await org.add({}, { status: "running" });
  const requests = fc.sample(
    fc.record({
      method,
      path,
      query,
      headers: fc.array(fc.tuple(headerName, headerValue), { maxLength: 3 }),
      isOurs: fc.boolean(),
    }),
    { numRuns: 10_000, seed },
  );
  const seen = new Map<number, number>();
  const problems: string[] = [];
  const ask = async ({ method, path, query, headers, isOurs }: (typeof requests)[number], at: number) => {
    const target = `${path}?${isOurs ? `organizationId=${org.id}&` : ""}${query}`;
    const lines = [
      `${method} ${target} HTTP/1.1`,
      ...(headers.some(([name]) => name === "Host") ? [] : ["Host: localhost"]),
      ...(isOurs ? [`x-api-key: ${org.key}`] : []),
      ...headers.map(([name, value]) => `${name}: ${value}`),
      "Connection: close",
    ];
    const bytes = `${lines.join("\r\n")}\r\n\r\n`;
    // Some of them, as it takes twice the time.
    const { status, text } = await (at % 5 === 0 ? sendBothWays(bytes) : sendRaw(addresses.main, bytes));
    seen.set(status, (seen.get(status) ?? 0) + 1);
    const [head = "", body = ""] = text.split("\r\n\r\n", 2);
    // Not one expect for each: Playwright keeps a record of every one, and thousands take minutes.
    const isJsonError = status >= 400 && /application\/json/.test(head) && method !== "HEAD";
    const wrong = [
      (status < 200 || status >= 500) && `status ${status}`,
      /node_modules|\.ts:\d|\.js:\d|SQLSTATE|select |\/work\//i.test(body) && "says something of us",
      isJsonError && !/\{"detail":".+","code":"[a-z_]+"\}/.test(body) && "no error body",
    ].filter(Boolean);
    if (wrong.length > 0) problems.push(`${wrong.join(", ")}\n${lines.join("\n")}\n\n${text.slice(0, 400)}`);
  };
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < requests.length; at = next++)
      await ask(requests[at] as (typeof requests)[number], at);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  expect(problems).toEqual([]);
  for (const status of [200, 204, 400, 401, 404, 405])
    expect(seen.get(status), `${status} among the answers`).toBeGreaterThan(5);
});

test("any filter and page matches sorting and slicing all jobs in memory", async ({ org }) => {
  const createdAt = (at: number) => new Date(Date.UTC(2025, 0, 1) + Math.floor(at / 7) * 1_000);
  const jobs = Array.from({ length: 137 }, (_, at) => ({
    id: `${org.id}-${(at * 7919) % 1009}`,
    status: batchJobStatuses[(at * 31) % 6] as BatchJobStatus,
    created_at: createdAt((at * 53) % 137),
  }));
  await org.add(...jobs);
  const inOrder = [...jobs].sort(
    (a, b) => b.created_at.getTime() - a.created_at.getTime() || (a.id < b.id ? 1 : -1),
  );

  const anyQuery = fc.record({
    statuses: fc.uniqueArray(fc.constantFrom(...batchJobStatuses), { maxLength: 6 }),
    page: fc.integer({ min: 1, max: 30 }),
    pageSize: fc.integer({ min: 1, max: 100 }),
  });
  for (const { statuses, page, pageSize } of fc.sample(anyQuery, { numRuns: 400, seed })) {
    const filter = statuses.length > 0 ? `&status=${statuses.join(",")}` : "";
    const matching = inOrder.filter((job) => statuses.length === 0 || statuses.includes(job.status));
    const list: BatchJobList = await org.list(`${filter}&page=${page}&pageSize=${pageSize}`);
    expect(BatchJobList.parse(list)).toMatchObject({ total: matching.length, page, pageSize });
    expect(list.batchJobs.map((job) => job.id)).toEqual(
      matching.slice((page - 1) * pageSize, page * pageSize).map((job) => job.id),
    );
  }
});

test("random bodies, ids and queries to create, manage and dial jobs never get a 5xx", async ({ org }) => {
  test.setTimeout(120_000);
  const headers = { Authorization: `Bearer ${await org.keyWith("read", "manage", "dial")}` };
  const phone = await insertPhoneNumber(org.id);
  const job = await insertDialableJob(org.id, 60, { concurrent_call_limit: 50 });
  await setConcurrentCallLimit(org.id, 100);
  const claiming = { headers, data: { dialer: "x", max: 50 } };
  const { calls } = await (await org.request.post("/batch/calls/claim", claiming)).json();
  const callIds: string[] = calls.map(({ callId }: { callId: string }) => callId);
  expect(callIds).toHaveLength(50);
  for (const callId of callIds.slice(10)) {
    await org.request.post(`/batch/calls/${callId}/dialing`, { headers });
  }
  const contact = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.integer({ min: 0, max: 99 }).map((at) => ({ phone: `+12025550${100 + at}` })),
    },
    fc.record({ phone: fc.constant("+12025550199"), name: fc.jsonValue(), "": fc.jsonValue() }),
    fc.jsonValue(),
  );
  const time = fc.constantFrom(
    null,
    "2035-01-01T00:00",
    "2035-01-01T00:00:00Z",
    "9999-12-31T23:59:59-14:00",
    "x",
  );
  const create = fc.record(
    {
      contacts: fc.oneof({ weight: 4, arbitrary: fc.array(contact, { maxLength: 3 }) }, fc.jsonValue()),
      fromPhoneNumberId: fc.oneof({ weight: 4, arbitrary: fc.constant(phone) }, fc.jsonValue()),
      name: fc.oneof(fc.constant("A job"), fc.string({ unit: "binary" }), fc.jsonValue()),
      description: fc.oneof(fc.constant(null), fc.string({ unit: "binary" }), fc.jsonValue()),
      concurrentCallLimit: fc.oneof(fc.integer({ min: -1, max: 60 }), fc.double(), fc.jsonValue()),
      maxAttempts: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.jsonValue()),
      scheduledStartTime: fc.oneof(time, fc.string(), fc.jsonValue()),
      timezone: fc.oneof(fc.constantFrom("UTC", "America/New_York", "GMT+5"), fc.string(), fc.jsonValue()),
      __proto__: fc.jsonValue(),
    },
    { requiredKeys: ["contacts", "fromPhoneNumberId", "name"] },
  );
  const body = fc.oneof(
    { weight: 6, arbitrary: create.map((value) => Buffer.from(JSON.stringify(value))) },
    create.map((value) => Buffer.from(JSON.stringify(value)).subarray(0, 60)),
    fc.json().map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  );
  const id = fc.oneof(
    fc.constant(job),
    piece.map((text) => text.replaceAll("/", "")),
  );
  const steer = fc.tuple(
    fc.constantFrom("GET", "POST", "PATCH", "PUT"),
    id,
    fc.constantFrom("", "/start", "/cancel", "/reschedule", "/redis-status", "/x"),
    fc.array(
      fc.tuple(
        fc.constantFrom(
          "scheduledStartTime",
          "timezone",
          "contactStatus",
          "contactsPage",
          "contactsPageSize",
        ),
        fc.oneof(piece, fc.constantFrom("2035-01-01T00:00:00", "busy", "2147483648", "999999999", "500")),
      ),
      { maxLength: 3 },
    ),
  );
  const often = <T>(value: fc.Arbitrary<T>, other: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 6, arbitrary: value }, other);
  const number = fc.integer({ min: 0, max: 99 }).map((at) => `+12025550${100 + at}`);
  const cell = fc.oneof(
    fc.constantFrom("", '"', '"a\nb"', ";", "\t", "\r", "\0", "\ufeff", "1.2E+10", "__proto__", "phone"),
    fc.string({ unit: "binary", maxLength: 9 }),
  );
  const cells = fc.array(cell, { maxLength: 4 });
  const row = often(
    fc.tuple(number, cell).map((pair) => pair.join()),
    cells.map((some) => some.join()),
  );
  const header = often(fc.constantFrom("phone,name", "\ufeffPhone,x"), row);
  const csv = fc
    .tuple(header, fc.array(row, { maxLength: 4 }))
    .map(([names, rows]) => [names, ...rows].join("\n"));
  const text = fc.string({ unit: "binary" });
  const parts = fc.record(
    {
      file: often(csv, text),
      fromPhoneNumberId: often(fc.constant(phone), text),
      name: often(fc.constant("A job"), text),
      concurrentCallLimit: often(fc.constantFrom("5", "05", "50"), text),
      scheduledStartTime: often(fc.constant("2035-01-01T00:00"), text),
      'x"; filename="y': text,
    },
    { requiredKeys: ["file", "fromPhoneNumberId", "name"] },
  );
  const formType = "multipart/form-data; boundary=x";
  const form = fc.tuple(parts, fc.nat({ max: 60 })).map(([fields, missing]) => {
    const written = Object.entries(fields).map(
      ([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const bytes = Buffer.from(`${written.join("")}--x--\r\n`);
    // Some are cut off.
    return missing < 5 ? bytes.subarray(0, bytes.length - missing * 20) : bytes;
  });
  const either = (value: fc.Arbitrary<unknown>) => often(value, fc.jsonValue());
  const report = fc.record(
    {
      dialer: either(fc.constant("x")),
      max: either(fc.integer({ min: 0, max: 51 })),
      batchJobId: either(fc.constant(job)),
      leaseSeconds: either(fc.constantFrom(30, 600, 14_400, 14_401)),
      status: either(fc.constantFrom("completed", "no_answer", "blocked", "not_dialed")),
      callDuration: either(fc.constantFrom(0, 42, 86_400, 86_401, -1, 1.5)),
      failureReason: often(fc.constant("Busy"), text),
      roomName: often(fc.constant("room"), text),
      retryAfterSeconds: often(fc.constant(undefined), fc.integer({ min: 0, max: 700_000 })),
      reason: often(fc.constant("Gone"), text),
    },
    { requiredKeys: ["dialer", "status"] },
  );
  // Mostly only fields that the endpoint knows: others are refused before all else.
  const fieldsOf = {
    claim: ["dialer", "max", "batchJobId", "leaseSeconds"],
    dialing: ["leaseSeconds", "roomName"],
    result: ["status", "callDuration", "failureReason", "roomName", "retryAfterSeconds"],
    fail: ["reason"],
  };
  const callId = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...callIds) },
    piece.map((text) => text.replaceAll("/", "")),
  );
  const dial = fc
    .tuple(fc.constantFrom("claim", "dialing", "result", "fail"), callId, id, report, fc.nat({ max: 9 }))
    .map(([verb, call, jobId, fields, odd]) => {
      const known = Object.entries(fields).filter(([name]) => fieldsOf[verb].includes(name));
      const path =
        verb === "claim" ? "calls/claim" : verb === "fail" ? `jobs/${jobId}/fail` : `calls/${call}/${verb}`;
      const json = JSON.stringify(odd === 0 ? fields : Object.fromEntries(known));
      return { what: verb, path: `/batch/${path}`, data: Buffer.from(json) };
    });
  const type = "application/json";
  const requests = [
    ...fc.sample(dial, { numRuns: 400, seed }).map((request) => ({ method: "POST", type, ...request })),
    ...fc
      .sample(body, { numRuns: 500, seed })
      .map((data) => ({ what: "create", method: "POST", path: "/batch/create", type, data })),
    ...fc
      .sample(form, { numRuns: 300, seed })
      .map((data) => ({ what: "form", method: "POST", path: "/batch/create", type: formType, data })),
    ...fc.sample(steer, { numRuns: 400, seed }).map(([method, jobId, verb, query]) => ({
      what: "other",
      method,
      path: `/batch/jobs/${jobId}${verb}?${query.map(([name, value]) => `${name}=${value}`).join("&")}`,
      type,
      data: undefined,
    })),
  ];
  const seen = new Map<number, number>();
  const reached = new Set<string>();
  const problems: string[] = [];
  const ask = async ({ what, method, path, type, data }: (typeof requests)[number]) => {
    const lines = [
      `${method} ${path} HTTP/1.1`,
      "Host: localhost",
      `Authorization: ${headers.Authorization}`,
      ...(data ? [`Content-Type: ${type}`, `Content-Length: ${data.length}`] : []),
      "Connection: close",
    ];
    const { status, text } = await sendRaw(
      addresses.main,
      `${lines.join("\r\n")}\r\n\r\n${data?.toString("latin1") ?? ""}`,
    );
    seen.set(status, (seen.get(status) ?? 0) + 1);
    reached.add(`${what} ${status}`);
    const [head = "", answer = ""] = text.split("\r\n\r\n", 2);
    const isJsonError = status >= 400 && /application\/json/.test(head);
    const isWrong =
      status < 200 ||
      status >= 500 ||
      /node_modules|\.ts:\d|SQLSTATE/i.test(answer) ||
      (isJsonError && !/\{"detail":".+","code":"[a-z_]+"\}/.test(answer));
    if (isWrong) problems.push(`${lines.join("\n")}\n\n${data}\n\n${text.slice(0, 400)}`);
  };
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < requests.length; at = next++)
      await ask(requests[at] as (typeof requests)[number]);
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  expect(problems.slice(0, 5)).toEqual([]);
  for (const status of [200, 400, 404, 405]) expect(seen.get(status), String(status)).toBeGreaterThan(5);
  const answers = [
    "form 200",
    "form 400",
    "claim 200",
    "dialing 200",
    "dialing 404",
    "result 200",
    "result 409",
  ];
  expect(answers.filter((answer) => !reached.has(answer))).toEqual([]);
});

test("random requests to pages and forms by a signed-in owner never get a 5xx", async ({ context, org }) => {
  test.setTimeout(240_000);
  const owner = await makePerson([org], { role: "owner" });
  await signIn(context, owner);
  await org.add({}, { status: "running" });
  const cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const pages = [
    "/jobs",
    "/live/jobs",
    "/live/job",
    "/live/watched",
    "/sign-in",
    "/setup",
    "/settings/display",
    "/settings/account",
    "/settings/api-keys",
    "/settings/api-keys/key_1",
    "/settings/members",
    "/settings/phone-numbers",
    "/settings/organization",
    "/join",
    "/",
    "/jobs.rsc",
    "/jobs/x",
  ];
  const forms = [
    "/api/auth/signout%00",
    "/api/auth/callback/credentials",
    "/setup/create",
    "/settings/display/save",
    "/join/accept",
    ...["create", "rename", "rotate", "revoke", "end"].map((form) => `/settings/api-keys/${form}`),
    ...["invite", "change-role", "remove", "renew-invitation", "cancel-invitation"].map(
      (form) => `/settings/members/${form}`,
    ),
    ...["rename", "change-password", "end-session"].map((form) => `/settings/account/${form}`),
    ...["rename", "create"].map((form) => `/settings/organization/${form}`),
    ...["create", "update", "remove", "set-limit"].map((form) => `/settings/phone-numbers/${form}`),
    ...["start", "cancel", "reschedule"].map((form) => `/job-actions/${form}`),
  ];
  const fields = [
    ...["email", "password", "csrfToken", "callbackUrl", "json", "timeZone", "theme", "returnTo"],
    ...["apiKeyId", "name", "expiry", "expiryDate", "overlap", "confirmedName", "userId", "role", "token"],
    ...["id", "phoneNumber", "agentId", "label", "limit", "read", "dial"],
    ...["invitationId", "currentPassword", "newPassword", "sessionId", "from", "newName"],
    ...["batchJobId", "date", "time", "back"],
  ];
  const body = fc
    .array(fc.tuple(fc.constantFrom(...fields), piece), { maxLength: 5 })
    .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join("&"));
  const type = fc.constantFrom(
    "application/x-www-form-urlencoded",
    "application/json",
    "text/plain",
    "multipart/form-data",
  );
  const inner = fc.constantFrom(
    "RSC",
    "Next-Router-Prefetch",
    "Next-Router-State-Tree",
    "Next-Action",
    "Next-Url",
    "Origin",
    "Cookie",
  );
  // Of the form of Next's own, nearly.
  const routerState = fc.json({ maxDepth: 3 }).map((json) => encodeURIComponent(`["",{"children":${json}}]`));
  const requests = fc.sample(
    fc.record({
      isForm: fc.boolean(),
      page: fc.constantFrom(...pages),
      form: fc.constantFrom(...forms),
      query: fc.oneof(query, body),
      body,
      type,
      headers: fc.array(fc.tuple(inner, fc.oneof(headerValue, routerState)), { maxLength: 2 }),
      isOurs: fc.boolean(),
      // Also halves of surrogate pairs, which only JSON can contain.
      json: fc.option(
        fc.dictionary(
          fc.constantFrom(...fields),
          fc.oneof(fc.string({ unit: "binary" }), fc.constant("\ud800")),
        ),
      ),
    }),
    { numRuns: 6_000, seed },
  );
  const problems: string[] = [];
  const seen = new Map<number, number>();
  const ask = async (given: (typeof requests)[number]) => {
    const { json } = given;
    const text = json && JSON.stringify({ ...json, ...(given.isOurs ? { organizationId: org.id } : {}) });
    // Escaped, as the request is sent byte by byte.
    const body = text?.replace(
      /[\u0080-\uffff]/g,
      (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    const one = body === undefined || body === null ? given : { ...given, body, type: "application/json" };
    const target = `${one.isForm ? one.form : one.page}?${one.isOurs ? `organizationId=${org.id}&` : ""}${one.query}`;
    const lines = [
      `${one.isForm ? "POST" : "GET"} ${target} HTTP/1.1`,
      `Host: ${new URL(addresses.main).host}`,
      `Cookie: ${cookies}`,
      ...(one.isOurs ? [`Origin: ${addresses.main}`] : []),
      ...(one.isForm
        ? [`Content-Type: ${one.type}`, `Content-Length: ${Buffer.byteLength(one.body, "latin1")}`]
        : []),
      ...one.headers.map(([name, value]) => `${name}: ${value}`),
      "Connection: close",
    ];
    const { status, text: answer } = await sendRaw(
      addresses.main,
      `${lines.join("\r\n")}\r\n\r\n${one.isForm ? one.body : ""}`,
    );
    seen.set(status, (seen.get(status) ?? 0) + 1);
    const isWrong = status < 200 || status >= 500 || /node_modules|SQLSTATE|\/work\//i.test(answer);
    const location = /^location: (.*)$/im.exec(answer)?.[1] ?? "/";
    if (isWrong || !/^\/(?!\/)/.test(location))
      problems.push(`${lines.join("\n")}\n\n${one.body}\n\n${answer.slice(0, 300)}`);
  };
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < requests.length; at = next++)
      await ask(requests[at] as (typeof requests)[number]);
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  expect(problems.slice(0, 5)).toEqual([]);
  for (const status of [200, 303, 307, 400, 404, 415])
    expect(seen.get(status), String(status)).toBeGreaterThan(3);
});
