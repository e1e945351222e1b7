import { once } from "node:events";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { sql } from "kysely";
import { insertPhoneNumber, testDatabase, uniqueId } from "@/db/fixtures";
import { BatchJobDetail, CreatedBatchJob } from "@/lib/batch-jobs/schema";
import { expect, type Organization, test } from "./fixtures";
import { addresses } from "./servers";

// POST /batch/create of the contract.

/** An organization with a phone number, and a key that may read and manage. */
interface Creator {
  org: Organization;
  phone: string;
  headers: { Authorization: string };
}

async function makeCreator(org: Organization): Promise<Creator> {
  const key = await org.keyWith("read", "manage");
  return { org, phone: await insertPhoneNumber(org.id), headers: { Authorization: `Bearer ${key}` } };
}

const contacts = [
  { phone: "+12025550101", name: "John Smith", balance: 12.5, tags: ["a", { b: null }] },
  { phone: "+442079460000", name: null },
];

const bodyOf = ({ phone }: Creator, given: Record<string, unknown> = {}) => ({
  contacts,
  fromPhoneNumberId: phone,
  name: "January Renewal Campaign",
  ...given,
});

const post = ({ org, headers }: Creator, data: unknown, more: Record<string, string> = {}) =>
  org.request.post("/batch/create", { data, headers: { ...headers, ...more } });

async function create(creator: Creator, given: Record<string, unknown> = {}): Promise<CreatedBatchJob> {
  const response = await post(creator, bodyOf(creator, given));
  expect(response.status(), await response.text()).toBe(200);
  return CreatedBatchJob.parse(await response.json());
}

async function find({ org, headers }: Creator, id: string, query = ""): Promise<BatchJobDetail> {
  const response = await org.request.get(`/batch/jobs/${id}${query}`, { headers });
  expect(response.status(), await response.text()).toBe(200);
  return BatchJobDetail.parse(await response.json());
}

test("a job with its contacts is created, pending, and answered with the contract's eight keys", async ({
  org,
}) => {
  const creator = await makeCreator(org);
  const created = await create(creator);
  expect(created).toEqual({
    success: true,
    batchJobId: created.batchJobId,
    totalContacts: 2,
    estimatedDuration: "2 minutes",
    estimatedCost: "$0.00",
    status: "pending",
    scheduledStartTime: null,
    message: "Batch job created with 2 contacts",
  });
  const job = await find(creator, created.batchJobId);
  expect(job).toMatchObject({
    name: "January Renewal Campaign",
    description: null,
    status: "pending",
    organizationId: org.id,
    agentId: "agent_def456",
    fromPhoneNumberId: creator.phone,
    totalContacts: 2,
    contactsProcessed: 0,
    statusBreakdown: { pending: 2 },
    concurrentCallLimit: 5,
    retryPolicy: { maxAttempts: 3, retryableStatuses: ["no_answer", "busy", "timeout"] },
    contactsTotal: 2,
    contactsHasMore: false,
  });
  expect(job.contacts[0]).toEqual({
    id: `${created.batchJobId}-1`,
    phoneNumber: "+12025550101",
    contactData: contacts[0],
    status: "pending",
    errorCode: null,
    attemptCount: 0,
    maxAttempts: 3,
    lastAttemptAt: null,
    nextRetryAt: null,
    completedAt: null,
    roomName: null,
    failureReason: null,
    callDuration: null,
  });
  expect(job.contacts.map(({ phoneNumber }) => phoneNumber)).toEqual(contacts.map(({ phone }) => phone));
  expect(await org.ids()).toEqual([created.batchJobId]);
});

test("keys come in the contract's order", async ({ org }) => {
  const creator = await makeCreator(org);
  const response = await post(creator, bodyOf(creator));
  expect(Object.keys(await response.json()).join(" ")).toBe(
    "success batchJobId totalContacts estimatedDuration estimatedCost status scheduledStartTime message",
  );
  const { batchJobId } = await response.json();
  const job = await (await org.request.get(`/batch/jobs/${batchJobId}`, creator)).json();
  expect(Object.keys(job).join(" ")).toBe(
    "id name description status organizationId agentId fromPhoneNumberId totalContacts contactsProcessed successfulCalls failedCalls statusBreakdown scheduledStartTime actualStartTime completedAt estimatedCompletionTime createdAt concurrentCallLimit retryPolicy contacts contactsTotal contactsPage contactsPageSize contactsHasMore",
  );
  expect(Object.keys(job.contacts[0]).join(" ")).toBe(
    "id phoneNumber contactData status errorCode attemptCount maxAttempts lastAttemptAt nextRetryAt completedAt roomName failureReason callDuration",
  );
});

test("all fields are taken over; of contacts with the same number, the first", async ({ org }) => {
  const creator = await makeCreator(org);
  const created = await create(creator, {
    contacts: [...contacts, { phone: "+12025550101", name: "Again" }],
    description: "Two\nlines",
    concurrentCallLimit: 1,
    maxAttempts: 10,
  });
  expect(created).toMatchObject({ totalContacts: 2, estimatedDuration: "4 minutes" });
  const job = await find(creator, created.batchJobId);
  expect(job).toMatchObject({ description: "Two\nlines", concurrentCallLimit: 1, totalContacts: 2 });
  expect(job.retryPolicy.maxAttempts).toBe(10);
  expect(job.contacts[0]?.contactData.name).toBe("John Smith");
});

test("members that only look special are kept as data", async ({ org }) => {
  const creator = await makeCreator(org);
  const text = `{"contacts": [{"phone": "+12025550101", "__proto__": {"x": 1}, "constructor": 2, "": 3, "é": "\\ud83d\\ude00"}],
    "fromPhoneNumberId": "${creator.phone}", "name": "__proto__"}`;
  const response = await post(creator, Buffer.from(text), {
    "Content-Type": "application/json; charset=utf-8",
  });
  const { batchJobId } = CreatedBatchJob.parse(await response.json());
  const body = await (await org.request.get(`/batch/jobs/${batchJobId}`, creator)).text();
  expect(body).toContain('"__proto__": {"x": 1}');
  expect(body).toContain('"constructor": 2');
  expect(body).toContain('"é": "😀"');
});

test.describe("a scheduled start", () => {
  const year = new Date().getUTCFullYear() + 1;

  for (const { given, timezone, expected } of [
    { given: `${year}-02-28T09:00:00`, timezone: "America/New_York", expected: `${year}-02-28T14:00:00Z` },
    { given: `${year}-02-28T09:00`, timezone: undefined, expected: `${year}-02-28T09:00:00Z` },
    { given: `${year}-07-01T09:00:00.999`, timezone: "europe/london", expected: `${year}-07-01T08:00:00Z` },
    {
      given: `${year}-02-28T09:00:00+05:30`,
      timezone: "America/New_York",
      expected: `${year}-02-28T03:30:00Z`,
    },
    { given: `${year}-02-28T09:00:00Z`, timezone: "Asia/Karachi", expected: `${year}-02-28T09:00:00Z` },
    // Comes twice: the first is in summer time.
    { given: "2030-11-03T01:30:00", timezone: "America/New_York", expected: "2030-11-03T05:30:00Z" },
  ]) {
    test(`${given} in ${timezone ?? "no zone"} is ${expected}`, async ({ org }) => {
      const creator = await makeCreator(org);
      const created = await create(creator, { scheduledStartTime: given, timezone });
      expect(created).toMatchObject({ status: "scheduled", scheduledStartTime: expected });
      const job = await find(creator, created.batchJobId);
      expect(job).toMatchObject({ status: "scheduled", scheduledStartTime: expected });
    });
  }
});

interface Refusal {
  wrong: Record<string, unknown>;
  code: string;
  detail?: string | RegExp;
  status?: number;
}

const withPhone = (phone: unknown) => ({ contacts: [{ phone: "+12025550101" }, { phone }] });
const example = "Invalid datetime format. Use format like '2025-03-01T10:00:00'.";

const refusals: Refusal[] = [
  {
    wrong: { contacts: undefined },
    code: "missing_contacts",
    detail: "contacts is missing: it must be an array of objects, each with a phone",
  },
  { wrong: { contacts: null }, code: "invalid_contacts" },
  {
    wrong: { contacts: { phone: "+12025550101" } },
    code: "invalid_contacts",
    detail: 'contacts must be an array of objects, each with a phone; got {"phone":"+12025550101"}',
  },
  { wrong: { contacts: [] }, code: "no_valid_contacts" },
  {
    wrong: { contacts: Array(10_001).fill(contacts[0]) },
    code: "too_many_contacts",
    detail: /10000; got 10001$/,
  },
  {
    wrong: { contacts: [contacts[0], null] },
    code: "invalid_contacts",
    detail: 'contacts[1] must be an object, like {"phone": "+12025550100"}; got null',
  },
  { wrong: { contacts: ["+12025550101"] }, code: "invalid_contacts" },
  {
    wrong: { contacts: [{ ...contacts[0], name: 5 }] },
    code: "invalid_contacts",
    detail: "contacts[0].name must be a string or null; got 5",
  },
  {
    wrong: {
      contacts: [{ ...contacts[1], ...Object.fromEntries(Array.from({ length: 999 }, (_, at) => [at, at])) }],
    },
    code: "invalid_contacts",
    detail: "contacts[0] can have at most 1000 members; got 1001",
  },
  {
    wrong: withPhone("+12345"),
    code: "invalid_phone_format",
    detail: "Invalid phone number format: +12345; contacts[1].phone must be in E.164, like +12025550100",
  },
  ...[
    "",
    "12025550101",
    "+1 202 555 0101",
    "+1-202-555-0101",
    "+1٢025550101",
    "+02025550101",
    "+1202555010",
    " +12025550101",
  ].map((phone) => ({ wrong: withPhone(phone), code: "invalid_phone_format" })),
  { wrong: withPhone(12025550101), code: "invalid_phone_format" },
  {
    wrong: withPhone(undefined),
    code: "invalid_phone_format",
    detail: /format: none; contacts\[1\]\.phone is missing: it must be in E\.164/,
  },
  {
    wrong: { contacts: [contacts[0], { phone: "12" }, { phone: "13" }, contacts[1], {}, null] },
    code: "invalid_phone_format",
    detail: /format: 12; contacts\[1\]\.phone must be .*; 2 more invalid phone numbers$/,
  },
  { wrong: { fromPhoneNumberId: undefined }, code: "missing_from_phone_number_id" },
  { wrong: { fromPhoneNumberId: "" }, code: "invalid_from_phone_number_id" },
  { wrong: { fromPhoneNumberId: 1 }, code: "invalid_from_phone_number_id" },
  {
    wrong: { fromPhoneNumberId: "phone_abc123" },
    code: "phone_number_not_found",
    detail: "Phone number phone_abc123 not found",
    status: 404,
  },
  { wrong: { name: undefined }, code: "missing_name" },
  { wrong: { name: "" }, code: "invalid_name" },
  {
    wrong: { name: "x".repeat(201) },
    code: "invalid_name",
    detail: /^name must have 1 to 200 characters; got "x{64}"$/,
  },
  { wrong: { name: null }, code: "invalid_name" },
  { wrong: { description: "x".repeat(1_001) }, code: "invalid_description" },
  { wrong: { concurrentCallLimit: 0 }, code: "invalid_concurrent_call_limit" },
  {
    wrong: { concurrentCallLimit: 51 },
    code: "invalid_concurrent_call_limit",
    detail: "concurrentCallLimit must be a whole number from 1 to 50; got 51",
  },
  { wrong: { concurrentCallLimit: "5" }, code: "invalid_concurrent_call_limit" },
  { wrong: { concurrentCallLimit: 1.5 }, code: "invalid_concurrent_call_limit" },
  { wrong: { maxAttempts: 0 }, code: "invalid_max_attempts" },
  { wrong: { maxAttempts: 11 }, code: "invalid_max_attempts" },
  {
    wrong: { timezone: "Invalid/Zone" },
    code: "invalid_timezone",
    detail: "Invalid timezone 'Invalid/Zone'",
  },
  { wrong: { timezone: "new york" }, code: "invalid_timezone", detail: "Invalid timezone 'new york'" },
  { wrong: { timezone: "UTC+5" }, code: "invalid_timezone" },
  { wrong: { organizationId: 5 }, code: "invalid_organization_id" },
  {
    wrong: { organizationId: "org_zzz" },
    code: "organization_forbidden",
    detail: "This API key does not belong to that organization",
    status: 403,
  },
  { wrong: { timezone: "" }, code: "invalid_timezone" },
  { wrong: { timezone: null }, code: "invalid_timezone" },
  { wrong: { scheduledStartTime: "tomorrow" }, code: "invalid_datetime", detail: example },
  { wrong: { scheduledStartTime: "" }, code: "invalid_datetime", detail: example },
  { wrong: { scheduledStartTime: "2030-02-30T09:00:00" }, code: "invalid_datetime", detail: example },
  { wrong: { scheduledStartTime: "2030-02-28T24:00:00" }, code: "invalid_datetime", detail: example },
  { wrong: { scheduledStartTime: "99999-01-01T00:00:00" }, code: "invalid_datetime" },
  { wrong: { scheduledStartTime: 1_900_000_000 }, code: "invalid_scheduled_start_time" },
  {
    wrong: { scheduledStartTime: "9999-12-31T23:59:59", timezone: "America/New_York" },
    code: "invalid_datetime",
    detail: 'scheduledStartTime "9999-12-31T23:59:59" is after the year 9999, in UTC',
  },
  {
    wrong: { scheduledStartTime: "2030-03-10T02:30:00", timezone: "America/New_York" },
    code: "invalid_datetime",
    detail:
      'scheduledStartTime "2030-03-10T02:30:00" does not exist in America/New_York: clocks are set forward then',
  },
  {
    wrong: { scheduledStartTime: "2025-02-28T09:00:00" },
    code: "past_scheduled_time",
    detail: "Scheduled time must be in the future",
  },
];

for (const { wrong, code, detail, status = 400 } of refusals) {
  test(`${JSON.stringify(wrong).slice(0, 80)} is ${code}`, async ({ org }) => {
    const creator = await makeCreator(org);
    const response = await post(creator, bodyOf(creator, wrong));
    const body = await response.json();
    expect({ status: response.status(), code: body.code }).toEqual({ status, code });
    if (typeof detail === "string") expect(body.detail).toBe(detail);
    else if (detail) expect(body.detail).toMatch(detail);
    expect(await org.ids(), "nothing was created").toEqual([]);
  });
}

const part = (name: string, text: string) =>
  `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;

test.describe("the body", () => {
  const json = "application/json";
  for (const { name, data, type = json, status = 400, code = "invalid_body" } of [
    { name: "a form", data: "a=b", type: "application/x-www-form-urlencoded" },
    { name: "JSON as text", data: "{}", type: "text/plain" },
    {
      name: "a part without a name",
      data: "--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--\r\n",
      type: "multipart/form-data; boundary=x",
    },
    { name: "a form without a boundary", data: "--x--\r\n", type: "multipart/form-data" },
    { name: "half of a form", data: part("name", "x"), type: "multipart/form-data; boundary=x" },
    {
      name: "a field twice",
      data: `${part("name", "x")}${part("name", "y")}--x--\r\n`,
      type: "multipart/form-data; boundary=x",
    },
    {
      name: "101 parts",
      data: `${Array.from({ length: 101 }, (_, at) => part(`n${at}`, "x")).join("")}--x--\r\n`,
      type: "multipart/form-data; boundary=x",
    },
    { name: "nothing", data: "" },
    { name: "half of an object", data: '{"name": "x"' },
    { name: "an array", data: "[]" },
    { name: "null", data: "null" },
    { name: "a name twice", data: '{"name": "x", "n\\u0061me": "y"}' },
    { name: "a name of a contact twice", data: '{"contacts": [{"a": 1, "a": 1}]}' },
    { name: "a NUL", data: '{"name": "\\u0000"}' },
    { name: "half of a surrogate pair", data: '{"name": "\\ud83d"}' },
    { name: "a number that no double holds", data: '{"maxAttempts": 1e400}' },
    { name: "a number of which the database writes 300 digits", data: '{"maxAttempts": 1e300}' },
    { name: "the same after the point", data: '{"maxAttempts": 1e-300}' },
    { name: "a whole number that would be rounded", data: '{"contacts": [{"x": 12345678901234567890}]}' },
    { name: "33 levels", data: `{"x":${"[".repeat(32)}${"]".repeat(32)}}` },
    { name: "a million levels", data: `{"x":${"[".repeat(1_000_000)}` },
    {
      name: "10 MiB and a byte",
      data: `"${"x".repeat(10 * 1_024 * 1_024)}`,
      status: 413,
      code: "payload_too_large",
    },
  ]) {
    test(`${name} is ${code}`, async ({ org }) => {
      const creator = await makeCreator(org);
      const response = await post(creator, Buffer.from(data), { "Content-Type": type });
      expect({ status: response.status(), code: (await response.json()).code }).toEqual({ status, code });
    });
  }

  test("of another type is answered with the types that there are", async ({ org }) => {
    const creator = await makeCreator(org);
    const response = await post(creator, "a=b", { "Content-Type": "text/plain; charset=utf-8" });
    expect((await response.json()).detail).toBe(
      'Send a JSON object, with Content-Type: application/json, or multipart/form-data with a CSV file; got "text/plain"',
    );
  });

  test("that is not UTF-8 is invalid_body", async ({ org }) => {
    const creator = await makeCreator(org);
    const data = Buffer.from('{"name": "\xe9"}', "latin1");
    const response = await post(creator, data, { "Content-Type": json });
    expect((await response.json()).detail).toBe("The body is not valid UTF-8");
  });

  test("has unknown fields ignored and named, or refused", async ({ org }) => {
    const creator = await makeCreator(org);
    for (const organizationId of [org.id, null, ""]) {
      const lenient = await post(creator, bodyOf(creator, { maxAttempt: 5, agentId: "x", organizationId }));
      expect(lenient.status(), `${organizationId}`).toBe(200);
      expect(lenient.headers()["x-ignored-parameters"]).toBe("maxAttempt, agentId");
    }
    const strict = await post(creator, bodyOf(creator, { maxAttempt: 5 }), { Prefer: "handling=strict" });
    expect(await strict.json()).toEqual({
      detail: 'Unknown field "maxAttempt": did you mean maxAttempts?',
      code: "unknown_field",
    });
  });

  test("is read only for a key that may manage", async ({ org }) => {
    for (const [key, status, code] of [
      ["nonsense", 401, "invalid_api_key"],
      [await org.keyWith("read", "dial"), 403, "insufficient_scope"],
    ] as const) {
      const headers = { Authorization: `Bearer ${key}`, "Content-Type": json };
      const response = await org.request.post("/batch/create", { data: Buffer.from("{"), headers });
      expect({ status: response.status(), code: (await response.json()).code }).toEqual({ status, code });
    }
  });
});

test("a phone number without an agent makes no calls", async ({ org }) => {
  const creator = await makeCreator(org);
  const id = await insertPhoneNumber(org.id, { agent_id: null });
  const response = await post(creator, bodyOf(creator, { fromPhoneNumberId: id }));
  expect(response.status()).toBe(400);
  expect((await response.json()).code).toBe("no_outbound_agent");
});

test("another organization's phone number is answered as one that does not exist", async ({ makeOrg }) => {
  const [own, foreign] = [await makeCreator(await makeOrg()), await makeCreator(await makeOrg())];
  const absent = uniqueId("phone");
  const ask = async (id: string) => {
    const response = await post(own, bodyOf(own, { fromPhoneNumberId: id }));
    return `${response.status()} ${(await response.text()).replaceAll(id, "…")}`;
  };
  expect(await ask(foreign.phone)).toBe(await ask(absent));
});

test("ten thousand contacts are created at once, and each is there", async ({ org }) => {
  const creator = await makeCreator(org);
  const many = Array.from({ length: 10_000 }, (_, at) => ({
    phone: `+1202555${String(at).padStart(4, "0")}`,
    name: `Contact ${at}`,
    note: "x".repeat(100),
  }));
  const created = await create(creator, { contacts: many, concurrentCallLimit: 50 });
  expect(created).toMatchObject({ totalContacts: 10_000, estimatedDuration: "400 minutes" });
  const last = await find(creator, created.batchJobId, "?contactsPage=20&contactsPageSize=500");
  expect(last).toMatchObject({
    statusBreakdown: { pending: 10_000 },
    contactsTotal: 10_000,
    contactsHasMore: false,
  });
  expect(last.contacts.at(-1)).toMatchObject({ phoneNumber: "+12025559999", contactData: many.at(-1) });
});

test("the same Idempotency-Key creates one job", async ({ org }) => {
  const creator = await makeCreator(org);
  const key = { "Idempotency-Key": uniqueId("create") };
  const answers = await Promise.all([1, 2, 3].map(() => post(creator, bodyOf(creator), key)));
  const bodies = await Promise.all(answers.map((response) => response.text()));
  expect(new Set(bodies).size).toBe(1);
  expect(answers.filter((response) => response.headers()["idempotent-replayed"])).toHaveLength(2);
  expect(await org.ids()).toHaveLength(1);
  const other = await post(creator, bodyOf(creator, { name: "Other" }), key);
  expect(other.status()).toBe(422);
});

test("contacts are stored with the job or not at all", async ({ org }) => {
  const creator = await makeCreator(org);
  // Storing the second contact fails, for this organization only.
  const fail = sql.id(`fail_${org.id}`);
  await sql`
    create function ${fail}() returns trigger language plpgsql as $$ begin raise exception 'for the test'; end $$;
    create trigger ${fail} before insert on batch_contacts for each row
    when (new.organization_id = ${sql.lit(org.id)} and new.position = 2) execute function ${fail}();
  `.execute(testDatabase);
  const buffer = Buffer.from("phone\n+12025550101\n+12025550102\n");
  const multipart = {
    fromPhoneNumberId: creator.phone,
    name: "A job",
    file: { name: "contacts.csv", mimeType: "text/csv", buffer },
  };
  for (const [detail, response] of [
    ["Failed to create batch job", await post(creator, bodyOf(creator))],
    [
      "Failed to process CSV file",
      await org.request.post("/batch/create", { multipart, headers: creator.headers }),
    ],
  ] as const) {
    expect(response.status()).toBe(500);
    expect(await response.json()).toEqual({ detail, code: "internal_error" });
  }
  await sql`drop function ${fail}() cascade`.execute(testDatabase);
  expect(await org.ids()).toEqual([]);
  await create(creator);
  const contacts = await testDatabase
    .selectFrom("batch_contacts")
    .where("organization_id", "=", org.id)
    .select(["position", "phone_number"])
    .orderBy("position")
    .execute();
  expect(contacts).toEqual([
    { position: 1, phone_number: "+12025550101" },
    { position: 2, phone_number: "+442079460000" },
  ]);
});

test.describe("a form with a CSV file", () => {
  const csvFile = (text: string | Buffer) => ({
    name: "contacts.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(text),
  });
  const send = (
    { org, phone, headers }: Creator,
    file: string | Buffer,
    given: Record<string, string> = {},
    { more = {}, server = "", query = "" } = {},
  ) => {
    const multipart = { fromPhoneNumberId: phone, name: "Renewals", ...given, file: csvFile(file) };
    return org.request.post(`${server}/batch/create${query}`, {
      multipart,
      headers: { ...headers, ...more },
    });
  };
  const csv =
    "Name;PHONE;Note\r\nAna;+12025550101;é\r\n;;\r\nBo;12;\r\nCy;+12025550101;\r\nDi;+442079460000\r\n";

  test("creates the same job as JSON, and names the rows that it skips", async ({ org }) => {
    const creator = await makeCreator(org);
    for (const server of ["", addresses.throughNext]) {
      const fields = {
        concurrentCallLimit: "7",
        maxAttempts: "10",
        description: "",
        timezone: "UTC",
        plan: "x",
      };
      const query = "?include=skippedRows&scheduledStartTime=2030-01-01T00:00:00";
      const response = await send(creator, `\ufeff${csv}`, fields, { server, query });
      expect(response.status(), await response.text()).toBe(200);
      expect(response.headers()["x-skipped-rows"]).toBe("4, 5");
      expect(response.headers()["x-ignored-parameters"]).toBe("plan, scheduledStartTime");
      const created = CreatedBatchJob.parse(await response.json());
      expect(created).toMatchObject({ totalContacts: 2, message: "Batch job created with 2 contacts" });
      expect(created.skippedRows).toEqual([
        { row: 4, reason: 'Invalid phone number format: "12"' },
        { row: 5, reason: "+12025550101 is a duplicate of an earlier row" },
      ]);
      expect(created.skippedRowsTotal).toBe(2);
      const job = await find(creator, created.batchJobId);
      expect(job).toMatchObject({ name: "Renewals", description: null, concurrentCallLimit: 7 });
      expect(job.retryPolicy.maxAttempts).toBe(10);
      expect(job.contacts.map(({ contactData }) => contactData)).toEqual([
        { name: "Ana", phone: "+12025550101", Note: "é" },
        { name: "Di", phone: "+442079460000", Note: "" },
      ]);
    }
  });

  test("is answered with the contract's eight keys alone, and with the first 100 skipped rows if asked to", async ({
    org,
  }) => {
    const creator = await makeCreator(org);
    const keys = Object.keys(await (await post(creator, bodyOf(creator))).json());
    const query = "?include=skippedRows";
    const none = { skippedRows: [], skippedRowsTotal: 0 };
    expect(await (await send(creator, "phone\n+12025550101", {}, { query })).json()).toMatchObject(none);
    const file = `phone\n+12025550101${"\n12".repeat(101)}`;
    const plain = await send(creator, file);
    expect(Object.keys(await plain.json())).toEqual(keys);
    const response = await send(creator, file, {}, { query });
    expect(plain.headers()["x-skipped-rows"]).toBe(response.headers()["x-skipped-rows"]);
    const created = CreatedBatchJob.parse(await response.json());
    expect(Object.keys(created)).toEqual([...keys, "skippedRows", "skippedRowsTotal"]);
    expect(created.skippedRows?.map(({ row }) => row).join(", ")).toBe(response.headers()["x-skipped-rows"]);
    expect([created.skippedRows?.at(-1)?.row, created.skippedRowsTotal]).toEqual([102, 101]);
  });

  test("is refused with what is wrong, the row and the column, and creates nothing", async ({ org }) => {
    const creator = await makeCreator(org);
    const rows = (count: number) =>
      Array.from({ length: count }, (_, at) => `+1202${String(5_550_000 + at).padStart(7, "0")}`).join("\n");
    const refused: [string, string | Buffer, Record<string, string>, string, RegExp][] = [
      [
        "no column phone",
        "name,email\nA,b",
        {},
        "missing_phone_column",
        /^CSV must have 'phone' column\. Found columns: \['name', 'email'\]$/,
      ],
      ["no rows", "phone\n", {}, "no_valid_contacts", /it has no rows$/],
      [
        "no number",
        "phone\n\n12",
        {},
        "no_valid_contacts",
        /row 3, column phone: Invalid phone number format: "12"$/,
      ],
      [
        "an open quote",
        'phone,name\n+12025550101,A\n+12025550102,"B',
        {},
        "invalid_csv",
        /in row 3, column 2: /,
      ],
      ["a column twice", "phone,Phone\n1,2", {}, "invalid_csv", /"phone" twice$/],
      ["too many columns", `phone${",x".repeat(100)}\n`, {}, "invalid_csv", /at most 100 columns; got 101$/],
      ["too many cells", `phone\n${",".repeat(100)}`, {}, "invalid_csv", /100 columns; got 101 in row 2$/],
      [
        "a row without an end",
        `phone\n${",".repeat(1_000_000)}`,
        {},
        "invalid_csv",
        /^Row 2 is too long, or has an open quote: a row can have at most 256 KiB and 100 columns$/,
      ],
      ["a long name", `phone,${"x".repeat(65)}\n`, {}, "invalid_csv", /^Row 1, column 2: /],
      ["Latin-1", Buffer.from("phone,name\n+12025550101,\xe9", "latin1"), {}, "invalid_csv", /UTF-8/],
      ["a NUL", "phone,name\n+12025550101,\0", {}, "invalid_csv", /NUL/],
      ["an Excel file", Buffer.from("PK\x03\x04..."), {}, "invalid_csv", /save it as CSV/],
      ["an empty file", "", {}, "invalid_csv", /no CSV file: send it as the field file$/],
      ["10,001 contacts", `phone\n${rows(10_001)}`, {}, "too_many_contacts", /at most 10000; got 10001$/],
      ["20,001 rows", `phone\n${"1\n".repeat(20_001)}`, {}, "too_many_contacts", /more than 20000 rows$/],
      ["no name", csv, { name: "" }, "missing_name", /^name is missing: it must be a string$/],
      [
        "a limit that is no number",
        csv,
        { concurrentCallLimit: "5x" },
        "invalid_concurrent_call_limit",
        /from 1 to 50; got "5x"$/,
      ],
      ["a number's name", csv, { fromPhoneNumberId: "+12" }, "invalid_from_phone_number_id", /got "\+12"$/],
      ["a time zone", csv, { timezone: "Mars" }, "invalid_timezone", /'Mars'/],
    ];
    for (const [what, file, given, code, detail] of refused) {
      const answers = await Promise.all(
        ["", addresses.throughNext].map((server) => send(creator, file, given, { server })),
      );
      const bodies = await Promise.all(answers.map((response) => response.json()));
      expect(bodies[1], what).toEqual(bodies[0]);
      expect({ status: answers[0]?.status(), code: bodies[0].code }, what).toEqual({ status: 400, code });
      expect(bodies[0].detail, what).toMatch(detail);
    }
    const strict = await send(creator, csv, { plan: "x" }, { more: { Prefer: "handling=strict" } });
    expect((await strict.json()).code).toBe("unknown_field");
    expect(await org.ids()).toEqual([]);
  });

  test("lets the server answer others while it is read", async ({ org }) => {
    const creator = await makeCreator(org);
    const isAlive = async () => expect((await org.request.get("/health/live")).status()).toBe(200);
    // Two megabytes without a number, so that the answer waits for no statement.
    const file = `phone\n${`1${",abc".repeat(99)}\n`.repeat(5_000)}`;
    const type = "multipart/form-data; boundary=x";
    const parts = Object.entries({ name: "Renewals", fromPhoneNumberId: creator.phone, file }).map(
      ([name, text]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`,
    );
    const body = Buffer.from(`${parts.join("")}--x--\r\n`);
    const upload = request(`${addresses.main}/batch/create`, {
      method: "POST",
      headers: { ...creator.headers, "Content-Type": type, "Content-Length": body.length },
    });
    const answered = once(upload, "response");
    await new Promise((resolve) => upload.write(body.subarray(0, -1), resolve));
    // All but the last byte arrives meanwhile.
    for (let count = 0; count < 50; count++) await isAlive();
    upload.end(body.subarray(-1));
    let isAnswered = false;
    void answered.then(() => (isAnswered = true));
    let count = 0;
    for (; !isAnswered; count++) await isAlive();
    const [response] = await answered;
    expect(JSON.parse(await text(response)).code).toBe("no_valid_contacts");
    expect(count).toBeGreaterThan(10);
  });

  test("is repeated by its Idempotency-Key, whatever its boundary", async ({ org }) => {
    const creator = await makeCreator(org);
    const more = { "Idempotency-Key": uniqueId("form") };
    const [first, again] = [await send(creator, csv, {}, { more }), await send(creator, csv, {}, { more })];
    expect(await again.text()).toBe(await first.text());
    expect(again.headers()).toMatchObject({ "idempotent-replayed": "true", "x-skipped-rows": "4, 5" });
    expect((await send(creator, csv.replace("Ana", "Eve"), {}, { more })).status()).toBe(422);
    expect(await org.ids()).toHaveLength(1);
  });
});
