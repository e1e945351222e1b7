import { get, type IncomingMessage } from "node:http";
import { sql } from "kysely";
import { insertDialableJob, testDatabase } from "@/db/fixtures";
import { BatchJob } from "@/lib/batch-jobs/schema";
import { expect, makePerson, type Organization, test } from "./fixtures";
import { Caller } from "./people";
import { addresses } from "./servers";

// A list as CSV: all of it, safe in spreadsheets, and never a part that looks whole.

/** Parses RFC 4180, strictly: every line ends with CRLF. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [, quoted, plain = "", end] = match;
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ",") {
      rows.push(row);
      row = [];
    }
    if (pattern.lastIndex === text.length) return rows;
  }
  throw new Error(`Not RFC 4180: ${text.slice(0, 200)}`);
}

async function csv(org: Organization, query = "", headers: Record<string, string> = { Accept: "text/csv" }) {
  const response = await org.get(query, headers);
  expect(response.status(), await response.text()).toBe(200);
  const [names = [], ...rows] = parseCsv((await response.text()).replace(/^\ufeff/, ""));
  return {
    response,
    names,
    jobs: rows.map((row) => Object.fromEntries(row.map((value, at) => [names[at] ?? "", value]))),
  };
}

const plainNames = [
  ...Object.keys(BatchJob.shape).filter((name) => name !== "retryPolicy"),
  "retryPolicy.maxAttempts",
  "retryPolicy.retryableStatuses",
];

/** Fills the organization with jobs. */
async function fill(org: Organization, count: number): Promise<void> {
  await sql`
    insert into batch_jobs (id, organization_id, name, status, agent_id, from_phone_number_id, total_contacts, created_at, description)
    select 'job_' || n, ${org.id}, 'Many ' || n, 'completed', 'agent_1', 'phone_1', 0, timestamptz '2025-01-01Z' + n * interval '1 second', repeat('x', 500)
    from generate_series(1, ${count}::int) as n
  `.execute(testDatabase);
}

/** Opens a file and reads nothing of it yet. @param cookie of a person, instead of the organization's key. */
function open(org: Organization, cookie?: string): Promise<IncomingMessage> {
  const path = cookie ? "/jobs.csv?" : "/batch/jobs?format=csv&";
  const headers = cookie ? { Cookie: cookie } : { Authorization: `Bearer ${org.key}` };
  return new Promise((resolve, reject) => {
    const address = `${addresses.main}${path}organizationId=${org.id}`;
    get(address, { headers, agent: false }, resolve).on("error", reject);
  });
}

test("has the API's fields, id first, and its times", async ({ org }) => {
  await org.add({
    id: "batch_1",
    name: 'Say "hi", all\'',
    description: "two\r\nlines; and more",
    status: "running",
    scheduled_start_time: "2025-02-28T15:00:00+01:00",
    created_at: "2025-02-28T11:30:00+01:00",
    total_contacts: 100,
    retry_retryable_statuses: ["no_answer", "busy"],
  });
  const { response, names, jobs } = await csv(org);
  expect(response.headers()).toMatchObject({
    "content-type": "text/csv; charset=utf-8; header=present",
    "content-disposition": `attachment; filename="batch-jobs-${org.id}.csv"`,
    "cache-control": "private, no-cache",
    vary: expect.stringContaining("Accept"),
  });
  expect(names).toEqual(plainNames);
  expect(jobs).toEqual([
    {
      ...Object.fromEntries(plainNames.map((name) => [name, ""])),
      id: "batch_1",
      name: 'Say "hi", all\'',
      description: "two\r\nlines; and more",
      status: "running",
      organizationId: org.id,
      agentId: "agent_1",
      fromPhoneNumberId: "phone_1",
      totalContacts: "100",
      contactsProcessed: "0",
      successfulCalls: "0",
      failedCalls: "0",
      scheduledStartTime: "2025-02-28T14:00:00Z",
      createdAt: "2025-02-28T10:30:00Z",
      concurrentCallLimit: "5",
      "retryPolicy.maxAttempts": "3",
      "retryPolicy.retryableStatuses": "no_answer busy",
    },
  ]);
});

test("has no cell that a spreadsheet runs, and phone numbers as they are", async ({ org }) => {
  const cells: Record<string, string> = {
    "=1+1": "'=1+1",
    "+1+1": "'+1+1",
    "-2": "'-2",
    "@SUM(A1)": "'@SUM(A1)",
    '=HYPERLINK("http://evil.example","x")': `'=HYPERLINK("http://evil.example","x")`,
    "＝1": "'＝1",
    "+12025550100": "+12025550100",
    "+1 202": "'+1 202",
    "plain = fine": "plain = fine",
    "x;=1+1;y": "x;'=1+1;y",
    'x;""@y': `x;""'@y`,
    "a; b = c, -d; -e https://example.com/?q=1;x=+2": "a; b = c, -d; -e https://example.com/?q=1;x=+2",
  };
  const made = Object.keys(cells).map((name, at) => ({
    name,
    created_at: new Date(Date.UTC(2025, 0, 1, at)),
  }));
  await org.add(...made, {
    id: `-${org.id}`,
    name: "z",
    description: "\t=1\n+x\n\na - b",
    from_phone_number_id: "+491701234567",
    agent_id: "-a",
    created_at: new Date(Date.UTC(2026, 0, 1)),
  });
  const { jobs } = await csv(org, "&sort=createdAt");
  expect(jobs.slice(0, -1).map((job) => job.name)).toEqual(Object.values(cells));
  expect(jobs.at(-1)).toMatchObject({
    id: `'-${org.id}`,
    description: "'\t'=1\n'+x\n\na - b",
    fromPhoneNumberId: "+491701234567",
    agentId: "'-a",
  });
});

test("is the list that the parameters choose, on all pages, whatever the page", async ({ org }) => {
  await fill(org, 4_500);
  await org.add({ name: "Other" });
  const { jobs } = await csv(org, "&q=many&sort=createdAt&page=7&pageSize=3&bom=0");
  expect(jobs.map((job) => job.id)).toEqual(Array.from({ length: 4_500 }, (_, at) => `job_${at + 1}`));
  const added = await csv(org, "&q=other&include=health,updatedAt&format=csv", {});
  expect(added.names).toEqual([
    ...plainNames,
    "updatedAt",
    "health.state",
    "health.since",
    "health.estimatedCompletionTime",
  ]);
  expect((await csv(org, "&q=nothing")).jobs).toEqual([]);
  const withBom = await org.get("&format=csv&bom=1&q=nothing");
  expect([...(await withBom.body()).subarray(0, 5)]).toEqual([0xef, 0xbb, 0xbf, ...Buffer.from("id")]);
  expect([...(await (await org.get("&format=csv&q=nothing")).body()).subarray(0, 2)]).toEqual([
    ...Buffer.from("id"),
  ]);
});

for (const [accept, isCsv] of [
  ["text/csv", true],
  ["TEXT/CSV; header=present", true],
  ["text/*", true],
  ["application/json;q=0.5, text/csv", true],
  ["*/*;q=0.1, text/csv;q=0.2", true],
  ["text/csv;q=0", false],
  ["text/csv;q=0.5, application/json", false],
  ["text/csv, application/json", false],
  ["*/*", false],
  ["text/html,application/xhtml+xml,*/*;q=0.8", false],
  ["application/*", false],
  ["", false],
] as const) {
  test(`Accept: ${accept} is ${isCsv ? "CSV" : "JSON"}, which format overrides`, async ({ org }) => {
    const typeOf = async (query: string) =>
      (await org.get(query, { Accept: accept })).headers()["content-type"]?.split(";")[0];
    expect(await typeOf("")).toBe(isCsv ? "text/csv" : "application/json");
    expect(await typeOf("&format=json")).toBe("application/json");
    expect(await typeOf("&format=csv")).toBe("text/csv");
  });
}

test("is refused as JSON is, and HEAD has no body", async ({ org, makeOrg }) => {
  const other = await makeOrg();
  const refused = async (query: string, headers = {}) => {
    const response = await org.request.get(`/batch/jobs?format=csv&organizationId=${query}`, {
      headers: { "x-api-key": org.key, ...headers },
    });
    return [response.status(), (await response.json()).code];
  };
  expect(await refused(other.id)).toEqual([403, "organization_forbidden"]);
  expect(await refused(org.id, { "x-api-key": "x" })).toEqual([401, "invalid_api_key"]);
  expect(await refused(`${org.id}&sort=x`)).toEqual([400, "invalid_sort"]);
  expect(await refused(`${org.id}&include=statusCounts`)).toEqual([400, "invalid_include"]);
  expect(await refused(`${org.id}&cursor=`)).toEqual([400, "invalid_cursor"]);
  await fill(org, 3_000);
  for (let time = 0; time < 4; time++) {
    const head = await org.request.head(`/batch/jobs?organizationId=${org.id}&format=csv`, {
      headers: { "x-api-key": org.key },
    });
    expect([head.status(), head.headers()["content-type"], await head.text()]).toEqual([
      200,
      "text/csv; charset=utf-8; header=present",
      "",
    ]);
  }
});

test("of an organization is read by two at a time, and one that disconnects makes room", async ({ org }) => {
  await fill(org, 20_000);
  const [one, two] = [await open(org), await open(org)];
  const third = await org.get("&format=csv");
  expect([third.status(), (await third.json()).code, third.headers()["retry-after"]]).toEqual([
    429,
    "too_many_exports",
    "10",
  ]);
  const person = await Caller.as(await makePerson([org]));
  const list = `organizationId=${org.id}&q=a`;
  const asPerson = await person.request.get(`/jobs.csv?${list}`, { maxRedirects: 0 });
  expect([asPerson.status(), asPerson.headers().location]).toEqual([
    303,
    `/jobs?${list}&error=too_many_exports`,
  ]);
  const page = await person.request.get(asPerson.headers().location ?? "");
  expect(await page.text()).toContain("Too many CSV files are being downloaded.");
  await person.request.dispose();
  // No connection waits for clients that do not read.
  const { rows } = await sql<{ busy: number }>`
    select count(*)::int as busy from pg_stat_activity
    where application_name = 'batch-jobs' and state like 'idle in%' and query like '%part_0%'
  `.execute(testDatabase);
  expect(rows[0]?.busy).toBe(0);
  one.destroy();
  await expect(async () => expect((await org.get("&format=csv&q=nothing")).status()).toBe(200)).toPass();
  two.destroy();
});

test("ends without an end when the key is revoked or the person signed out halfway", async ({ org }) => {
  await fill(org, 20_000);
  const user = await makePerson([org]);
  const person = await Caller.as(user);
  const { cookies } = await person.request.storageState();
  await person.request.dispose();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const responses = [await open(org), await open(org, cookie)];
  await testDatabase.deleteFrom("sessions").where("user_id", "=", user.id).execute();
  await testDatabase
    .updateTable("api_keys")
    .set({ revoked_at: new Date() })
    .where("organization_id", "=", org.id)
    .execute();
  for (const response of responses) {
    let bytes = 0;
    const ended = new Promise<string>((resolve) => {
      response.on("error", () => resolve("error")).on("end", () => resolve("end"));
      response.on("data", (piece: Buffer) => (bytes += piece.length));
    });
    expect(await ended).toBe("error");
    expect([response.statusCode, response.complete]).toEqual([200, false]);
    expect(bytes).toBeGreaterThan(0);
  }
});

test.describe("of the contacts of a job", () => {
  const columns = [
    ...["contactId", "phoneNumber", "name", "status", "attemptCount", "lastAttemptAt", "completedAt"],
    ...["callDuration", "errorCode", "failureReason", "roomName", "nextRetryAt"],
  ];
  const ask = async (person: Caller, parameters: Record<string, string>) => {
    const path = `/contacts.csv?${new URLSearchParams(parameters)}`;
    return person.request.get(path, { maxRedirects: 0 });
  };
  const read = async (person: Caller, parameters: Record<string, string>) => {
    const response = await ask(person, parameters);
    expect(response.status(), await response.text()).toBe(200);
    return parseCsv((await response.text()).replace(/^\ufeff/, ""));
  };

  test("has their results and their own fields, safe in spreadsheets", async ({ org }) => {
    const person = await Caller.as(await makePerson([org]));
    const id = await insertDialableJob(org.id, 4_100, { id: "live" });
    const at = new Date("2026-01-02T03:04:05.678Z");
    const ofJob = testDatabase.updateTable("batch_contacts").where("organization_id", "=", org.id);
    await ofJob
      .set({
        contact_data: { phone: "+12020000002", name: "=1+1", plan: 'a,"b"', status: "vip", "=x": { a: [1] } },
        ...{
          status: "no_answer",
          attempt_count: 2,
          last_attempt_at: at,
          next_retry_at: at,
          error_code: "480",
        },
        ...{ failure_reason: "@SUM(A1)", room_name: "-room", call_duration: 7 },
      })
      .where("position", "=", 2)
      .execute();
    const [names, ...rows] = await read(person, { organizationId: org.id, id });
    expect(names).toEqual([...columns, "'=x", "plan", "contactData.status"]);
    expect(rows.map(([contactId]) => contactId)).toEqual(
      Array.from({ length: 4_100 }, (_, index) => `live-${index + 1}`),
    );
    const time = "2026-01-02T03:04:05Z";
    expect(rows.slice(0, 2)).toEqual([
      ["live-1", "+12020000001", "Contact 1", "pending", "0", ...Array(10).fill("")],
      [
        ...[
          "live-2",
          "+12020000002",
          "'=1+1",
          "no_answer",
          "2",
          time,
          "",
          "7",
          "480",
          "'@SUM(A1)",
          "'-room",
          time,
        ],
        ...['{"a":[1]}', 'a,"b"', "vip"],
      ],
    ]);
    const found = await read(person, { organizationId: org.id, id, q: "contact 41", status: "pending" });
    expect(found.map(([, , name]) => name)).toEqual([
      "name",
      "Contact 41",
      ...Array.from({ length: 10 }, (_, index) => `Contact ${410 + index}`),
      "Contact 4100",
    ]);
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`field${index}`, index]));
    await ofJob
      .set({ contact_data: { phone: "+12020000001", ...many } })
      .where("position", "=", 1)
      .execute();
    const [header, first] = await read(person, { organizationId: org.id, id, bom: "1" });
    expect(header).toEqual([...columns, "contactData"]);
    expect(JSON.parse(first?.at(-1) ?? "")).toMatchObject({ field200: 200 });
    await person.request.dispose();
  });

  test("is refused as the job's page is", async ({ org, makeOrg, request }) => {
    const foreign = await makeOrg();
    const id = await insertDialableJob(org.id, 1);
    const secret = await insertDialableJob(foreign.id, 1);
    const person = await Caller.as(await makePerson([org]));
    const tell = async (parameters: Record<string, string>) => {
      const response = await ask(person, parameters);
      return [response.status(), await response.text()];
    };
    const organizationId = org.id;
    const missing = await tell({ organizationId, id: "batch_none" });
    expect(missing).toEqual([404, '{"detail":"Batch job not found","code":"job_not_found"}']);
    expect(await tell({ organizationId, id: secret })).toEqual(missing);
    const absent = await tell({ organizationId: "org_none", id: secret });
    expect(absent[0]).toBe(404);
    expect(await tell({ organizationId: foreign.id, id: secret })).toEqual(absent);
    for (const wrong of [{ id: "a b" }, { status: "x" }, { bom: "2" }] as Record<string, string>[]) {
      const response = await ask(person, { organizationId, id, ...wrong });
      expect([response.status(), (await response.json()).code]).toEqual([
        400,
        `invalid_${Object.keys(wrong)[0]}`,
      ]);
    }
    const [, wrongStatus] = await tell({ organizationId, id, status: "x" });
    expect(wrongStatus).toMatch(/"status must be one of pending, .*, cancelled; got \\"x\\""/);
    const nobody = await request.get(`/contacts.csv?organizationId=${org.id}&id=${id}&status=busy`, {
      maxRedirects: 0,
    });
    const page = encodeURIComponent(`/jobs/${id}?organizationId=${org.id}&status=busy`);
    expect([nobody.status(), nobody.headers().location]).toEqual([303, `/sign-in?callbackUrl=${page}`]);
    await person.request.dispose();
  });
});
