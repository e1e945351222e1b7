import { randomUUID } from "node:crypto";
import { type APIRequestContext, request as playwrightRequest } from "@playwright/test";
import { sql } from "kysely";
import {
  insertApiKey,
  insertDialableJob,
  insertMembership,
  insertOrganization,
  insertPhoneNumber,
  insertUser,
  testDatabase,
} from "@/db/fixtures";
import { makeApiKey } from "./api-key";
import { postSignIn } from "./fixtures";
import { expect, freePort, type Running, test, type Variables, type Workshop } from "./process";
import { rawGet, sendRaw } from "./raw-http";
import { secret } from "./servers";

// One line for each request, which says who asked for what, and nothing that nobody may know.

async function startServer(workshop: Workshop, variables: Variables = {}) {
  const organizationId = await insertOrganization();
  const key = makeApiKey();
  const apiKeyId = await insertApiKey(organizationId, key);
  const port = await freePort();
  const address = `http://localhost:${port}`;
  const running = workshop.start({
    DATABASE_URL: process.env.DATABASE_URL,
    NEXTAUTH_URL: address,
    NEXTAUTH_SECRET: secret,
    PORT: String(port),
    ...variables,
  });
  await running.shows("Stop with Ctrl-C");
  return { running, address, organizationId, key, apiKeyId };
}

/** The end of each phone number, and a part of each text, that contacts and calls have here. */
const contactData = ["5550142", "canary"];

/** Gives contact data to each endpoint that writes, wherever it can be: valid, wrong, and in a failure of PostgreSQL. */
async function sendContactData({ address, organizationId }: { address: string; organizationId: string }) {
  const key = makeApiKey();
  await insertApiKey(organizationId, key, { scopes: ["read", "manage", "dial"] });
  const fromPhoneNumberId = await insertPhoneNumber(organizationId);
  const send = async (status: number, path: string, body: unknown, given: Record<string, string> = {}) => {
    const response = await fetch(`${address}/batch/${path}`, {
      method: "POST",
      headers: {
        "x-api-key": key,
        "Content-Type": "application/json",
        "Idempotency-Key": `canary ${randomUUID()}`,
        ...given,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    expect(response.status, `${path} ${JSON.stringify(body)}`).toBe(status);
    return response.json();
  };
  const contact = { phone: "+12025550142", name: "canary", canary: { canary: "canary" } };
  const job = { name: "canary", fromPhoneNumberId, contacts: [contact] };
  const repeated = { "Idempotency-Key": "canary" };
  const { batchJobId } = await send(200, "create", job, repeated);
  await send(422, "create", { ...job, name: "canary again" }, repeated);
  for (const [wrong, status] of [
    [{ ...job, contacts: [{ ...contact, phone: "canary 5550142" }] }, 400],
    [{ ...job, contacts: [{ ...contact, name: ["canary"] }] }, 400],
    [{ ...job, contacts: "canary" }, 400],
    [{ ...job, fromPhoneNumberId: "canary" }, 404],
    [`{"name": "canary", "name": "canary"}`, 400],
    ["canary", 400],
    ["\ud800canary", 400],
  ] as const) {
    await send(status, "create", wrong);
  }
  await uploadContactData(address, organizationId, fromPhoneNumberId);
  await send(400, "create", new URLSearchParams({ canary: "5550142" }).toString(), {
    "Content-Type": "application/x-www-form-urlencoded",
  });
  await send(400, `jobs/${batchJobId}/reschedule?timezone=canary&scheduledStartTime=canary`, "");
  await send(404, "jobs/canary/cancel", "");

  const claim = async (jobId: string) =>
    (await send(200, "calls/claim", { dialer: "canary", max: 1, batchJobId: jobId })).calls[0]
      .callId as string;
  await send(400, "calls/claim", { dialer: "canary", max: "canary" });
  const callId = await claim(batchJobId);
  await send(200, `calls/${callId}/dialing`, { roomName: "canary" });
  await send(400, `calls/${callId}/dialing`, { leaseSeconds: "canary" });
  await send(400, `calls/${callId}/result`, { status: "canary" });
  await send(404, "calls/canary/result", { status: "completed" });
  const result = { status: "no_answer", failureReason: "canary", errorCode: "canary", retryAfterSeconds: 60 };
  await send(200, `calls/${callId}/result`, result);
  await send(409, `calls/${callId}/result`, { ...result, failureReason: "canary 5550142" });
  await send(400, `jobs/${batchJobId}/fail`, { reason: "canary", canary: "canary" });
  await send(200, `jobs/${batchJobId}/fail`, { reason: "canary" });

  // PostgreSQL refuses to count a contact too many, and tells all columns of the job.
  const broken = {
    name: "canary",
    description: "5550142",
    status: "running",
    contacts_processed: 1,
  } as const;
  const brokenCall = await claim(await insertDialableJob(organizationId, 1, broken));
  await send(200, `calls/${brokenCall}/dialing`, {});
  await send(500, `calls/${brokenCall}/result`, { status: "completed" });
}

/** Submits each form of the settings and of a job with contact data as a person, and opens pages with it. */
async function sendForms(request: APIRequestContext, organizationId: string, address: string) {
  const post = async (status: number, path: string, fields: Record<string, string>) => {
    const headers = { Origin: address };
    const response = await request.post(path, { headers, form: { organizationId, ...fields, json: "true" } });
    expect(response.status(), `${path} ${await response.text()}`).toBe(status);
  };
  const [name, label, agentId, id] = ["canary", "canary", "canary", "canary_5550142"];
  const phoneNumber = "+12025550142";
  const form = async (path: string, ...sent: [status: number, fields: Record<string, string>][]) => {
    for (const [status, fields] of sent) await post(status, path, fields);
  };
  const settings = "/settings";
  await form(
    `${settings}/phone-numbers/create`,
    [200, { id, phoneNumber, agentId, label }],
    [409, { id, phoneNumber, agentId, label }],
    [400, { id, phoneNumber: "canary 5550142", agentId, label }],
  );
  await form(
    `${settings}/phone-numbers/update`,
    [200, { id, agentId: "canary2", label }],
    [404, { id: "canary" }],
  );
  await form(`${settings}/phone-numbers/set-limit`, [400, { limit: "canary" }]);
  await form(`${settings}/phone-numbers/remove`, [200, { id }], [404, { id }]);
  const key = { name, read: "true", expiry: "90" };
  await form(
    `${settings}/api-keys/create`,
    [200, key],
    [400, { ...key, expiry: "date", expiryDate: "canary" }],
  );
  for (const verb of ["rename", "rotate", "revoke", "end"]) {
    const fields = { apiKeyId: "canary", name, overlap: "1", expiry: "90", confirmedName: name };
    await form(`${settings}/api-keys/${verb}`, [404, fields]);
  }
  await form(
    `${settings}/members/invite`,
    [200, { email: "canary@example.com", role: "member" }],
    [400, { email: "canary 5550142", role: "canary" }],
  );
  for (const verb of ["change-role", "remove"]) {
    await form(`${settings}/members/${verb}`, [404, { userId: "canary", role: "member" }]);
  }
  for (const verb of ["renew-invitation", "cancel-invitation"]) {
    await form(`${settings}/members/${verb}`, [404, { invitationId: "canary" }]);
  }
  await form(`${settings}/organization/rename`, [200, { name }], [400, { name: `${name}\u0007` }]);
  await form(
    `${settings}/organization/create`,
    [200, { newName: name }],
    [400, { newName: "canary".repeat(99) }],
  );
  await form(
    `${settings}/views/save`,
    [200, { name, query: "q=canary" }],
    [400, { name: "", query: "q=canary" }],
  );
  for (const verb of ["update", "delete"])
    await form(`${settings}/views/${verb}`, [404, { id: "canary", name }]);
  await form(`${settings}/account/rename`, [200, { name }]);
  const passwords = { currentPassword: "canary canary", newPassword: "canary canary 2" };
  await form(`${settings}/account/change-password`, [422, passwords]);
  await form(`${settings}/display/save`, [400, { timeZone: "canary", theme: "canary" }]);
  for (const verb of ["start", "cancel", "reschedule"]) {
    const time = { date: "2100-03-01", time: "10:00", timeZone: "UTC" };
    await form(`/job-actions/${verb}`, [404, { batchJobId: "canary", ...time }]);
  }
  for (const path of ["jobs?q=canary", "jobs/canary?q=5550142", "jobs.csv?q=canary", "live/jobs?q=canary"]) {
    const response = await request.get(`/${path}&organizationId=${organizationId}`);
    expect(response.status(), path).toBeLessThan(500);
  }

  // PostgreSQL quotes the name that it refuses.
  const fail = sql.id(`fail_${organizationId}`);
  await sql`
    create function ${fail}() returns trigger language plpgsql as
      $$ begin perform new.name::integer; return new; end $$;
    create trigger ${fail} before update on organizations for each row
    when (new.id = ${sql.lit(organizationId)}) execute function ${fail}();
  `.execute(testDatabase);
  await form(`${settings}/organization/rename`, [500, { name: "canary 5550142" }]);
  await sql`drop function ${fail}() cascade`.execute(testDatabase);
}

/** The same in the form that creates a job: refused, created without a row, and in a failure of PostgreSQL. */
async function uploadContactData(address: string, organizationId: string, fromPhoneNumberId: string) {
  const user = await insertUser();
  await insertMembership(organizationId, user.id, "owner");
  const request = await playwrightRequest.newContext({ baseURL: address, maxRedirects: 0 });
  await postSignIn(request, user);
  const upload = (csv: string, given = {}) =>
    request.post(`/new-job/create?organizationId=${organizationId}`, {
      multipart: {
        name: "canary",
        fromPhoneNumberId,
        start: "now",
        ...given,
        file: { name: "canary.csv", mimeType: "text/csv", buffer: Buffer.from(csv) },
      },
      headers: { Origin: address },
    });
  for (const [csv, path, given] of [
    ["phone\ncanary 5550142", "/new-job"],
    ["canary\n+12025550142", "/new-job"],
    ["phone,canary\n+12025550142,canary\ncanary 5550142,", "/jobs/"],
    ["phone\n+12025550142", "/new-job", { fromPhoneNumberId: "canary" }],
  ] as const) {
    const response = await upload(csv, given);
    expect(response.status()).toBe(303);
    const { location = "" } = response.headers();
    expect(location.startsWith(path), location).toBe(true);
    for (const datum of contactData) expect(location).not.toContain(datum);
  }
  await request.dispose();
}

type Line = Record<string, unknown>;

/** The lines about requests, without what differs each time. */
function requestLines(running: Running): Line[] {
  const lines: Line[] = running.stderr
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  return lines.filter(({ message }) => message === "request");
}

test("all: each request has a line with its route, status, organization and start of the key, and no secret", async ({
  workshop,
  playwright,
}) => {
  const metricsPort = await freePort();
  const server = await startServer(workshop, { LOG_REQUESTS: "all", METRICS_PORT: String(metricsPort) });
  const { address, organizationId, key, apiKeyId, running } = server;
  const other = await insertOrganization();
  const unknownKey = makeApiKey();
  const user = await insertUser();
  await insertMembership(organizationId, user.id, "owner");
  const request = await playwright.request.newContext({ baseURL: address, maxRedirects: 0 });
  expect((await postSignIn(request, user)).status()).toBe(200);
  const cookies = (await request.storageState()).cookies.map(({ value }) => value);

  const list = `/batch/jobs?organizationId=${organizationId}`;
  const origin = { Origin: address };
  const apiKeyStart = key.slice(0, 12);
  const token = "t".repeat(43);
  const isSigned = { organizationId };
  const isKey = { organizationId, apiKeyStart };
  type Options = Parameters<typeof request.fetch>[1];
  const asked: [path: string, options: Options, line: Line][] = [
    [list, { headers: { "x-api-key": key } }, { route: "/batch/jobs", status: 200, ...isKey }],
    [
      list,
      { headers: { Authorization: `Bearer ${key}` }, method: "HEAD" },
      { method: "HEAD", route: "/batch/jobs", status: 200, ...isKey },
    ],
    [
      `/batch/jobs?organizationId=${other}`,
      { headers: { "x-api-key": key } },
      { route: "/batch/jobs", status: 403, code: "organization_forbidden", ...isKey },
    ],
    [
      `${list}&page=x`,
      { headers: { "x-api-key": key } },
      { route: "/batch/jobs", status: 400, code: "invalid_page", ...isKey },
    ],
    [
      list,
      { headers: { "x-api-key": unknownKey } },
      { route: "/batch/jobs", status: 401, code: "invalid_api_key", apiKeyStart: unknownKey.slice(0, 12) },
    ],
    // What is no key may be another secret.
    [
      list,
      { headers: { Authorization: "Bearer hunter2-correct-horse" }, method: "HEAD" },
      { method: "HEAD", route: "/batch/jobs", status: 401, code: "invalid_api_key" },
    ],
    [
      list,
      { method: "DELETE" },
      { method: "DELETE", route: "/batch/jobs", status: 405, code: "method_not_allowed" },
    ],
    ["/batch/calls/call_secret1", {}, { route: "/batch/{...path}", status: 404, code: "not_found" }],
    ["/ana.private@example.com/call_secret2", {}, { route: "unmatched", status: 404 }],
    [`/jobs?organizationId=${organizationId}`, {}, { route: "/jobs", status: 200, ...isSigned }],
    [`/jobs?organizationId=${other}`, {}, { route: "/jobs", status: 404 }],
    [
      `/live/jobs?organizationId=${organizationId}&since=2025-01-01T00:00:00Z`,
      {},
      { route: "/live/jobs", status: 200, ...isSigned },
    ],
    [
      `/settings/api-keys/${apiKeyId}?organizationId=${organizationId}`,
      {},
      { route: "/settings/api-keys/{apiKeyId}", status: 200, ...isSigned },
    ],
    [
      "/settings/organization/rename",
      { method: "POST", headers: origin, form: { organizationId, name: "A Private Name" } },
      { method: "POST", route: "/settings/organization/rename", status: 303, ...isSigned },
    ],
    [`/join?token=${token}`, {}, { route: "/join", status: 404 }],
    ["/", {}, { route: "/", status: 307 }],
    ["/health/live", {}, { route: "/health/live", status: 200 }],
  ];
  const expected: Line[] = [];
  for (const [path, options, line] of asked) {
    const response = await request.fetch(path, options);
    expect(response.status(), path).toBe(line.status);
    const status = response.status();
    expected.push({
      level: status >= 500 ? "error" : status >= 400 ? "warn" : "info",
      message: "request",
      requestId: response.headers()["x-request-id"],
      method: "GET",
      ms: expect.any(Number),
      time: expect.any(String),
      ...line,
    });
  }
  const ids = expected.map(({ requestId }) => requestId);
  const found = () => requestLines(running).filter(({ requestId }) => ids.includes(requestId as string));
  await expect.poll(() => found().length).toBe(expected.length);
  // Those that succeed are written a little later than those that fail.
  const byId = (lines: Line[]) => new Map(lines.map((line) => [line.requestId, line]));
  expect(byId(found())).toEqual(byId(expected));
  for (const { ms } of found()) expect(ms).toBeGreaterThan(0);

  // Refused before it reaches a route.
  await sendRaw(address, rawGet(list, "Authorization: Bearer a", "Authorization: Bearer b"));
  await running.shows(
    /"method":"GET","route":"\/batch\/jobs","status":400,"code":"repeated_authorization","ms":[\d.]+}/,
  );

  // Cut by the client, who does not want to wait for another change of the organization.
  expect(running.stderr).not.toContain("disconnected");
  await testDatabase.transaction().execute(async (transaction) => {
    await transaction
      .selectFrom("organizations")
      .select("id")
      .where("id", "=", organizationId)
      .forUpdate()
      .execute();
    const form = { organizationId, name: "Another Private Name" };
    const renaming = request.post("/settings/organization/rename", { headers: origin, form, timeout: 500 });
    await expect(renaming).rejects.toThrow(/Timeout/);
    await running.shows(/"route":"\/settings\/organization\/rename","status":499,"disconnected":true,/);
  });

  await sendForms(request, organizationId, address);
  await running.shows(/"reason":"invalid input syntax for type integer: \\"…\\""/);
  await sendContactData(server);
  await running.shows(/"reason":"new row for relation \\"batch_jobs\\" violates check constraint/);
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();

  const html = await (await request.get(`/jobs?organizationId=${organizationId}`)).text();
  const [script = ""] = /\/_next\/static\/[^"]+\.js/.exec(html) ?? [];
  const ofScript = await request.get(script);
  expect(ofScript.status()).toBe(200);
  const last = await request.get("/health/live");
  await request.dispose();
  running.child.kill("SIGTERM");
  await running.ended;
  const logged = requestLines(running).map(({ requestId }) => requestId);
  expect(logged, "static files are not logged").not.toContain(ofScript.headers()["x-request-id"]);
  expect(logged, "no line is lost at the end").toContain(last.headers()["x-request-id"]);
  const secrets = [key.slice(12), unknownKey.slice(12), "hunter2", token, user.email, user.password, secret];
  const private_ = [apiKeyId, other, "private", "Private", "call_secret", "page=x", "?"];
  const written = running.stdout + running.stderr + metrics;
  const isPrivate = [...secrets, ...private_, ...contactData, ...cookies.filter(({ length }) => length > 12)];
  for (const text of isPrivate) expect(running.stderr).not.toContain(text);
  for (const text of [...secrets, ...contactData]) expect(written).not.toContain(text);
});

test("errors, the default: only failures, and those that repeat once a second", async ({ workshop }) => {
  const { address, organizationId, key, running } = await startServer(workshop);
  const ask = (apiKey: string, query = "") =>
    fetch(`${address}/batch/jobs?organizationId=${organizationId}${query}`, {
      headers: { "x-api-key": apiKey },
    }).then(({ status }) => status);
  expect(await ask(key)).toBe(200);
  // A new key each time must not make a new line each time.
  for (let round = 0; round < 30; round++) {
    const keys = Array.from({ length: 10 }, () => makeApiKey());
    expect(new Set(await Promise.all(keys.map((one) => ask(one))))).toEqual(new Set([401]));
  }
  expect(await ask(key, "&page=x")).toBe(400);
  expect(await ask(key, "&page=y")).toBe(400);
  // Another error of the same route and status has lines of its own.
  expect(await ask(key, "&pageSize=x")).toBe(400);
  expect(await ask(key, "&pageSize=y")).toBe(400);
  running.child.kill("SIGTERM");
  await running.ended;

  const lines = requestLines(running);
  const of = (status: number) => lines.filter((line) => line.status === status);
  expect(of(200)).toEqual([]);
  const count = (some: Line[]) => some.reduce((sum, { repeated = 1 }) => sum + Number(repeated), 0);
  expect(count(of(401)), "none is lost").toBe(300);
  expect(of(401).length, "a line a second").toBeLessThan(20);
  const [first, ...summaries] = of(401);
  expect(first?.apiKeyStart).toMatch(/^tk_live_\w{4}$/);
  for (const { time: _, ...summary } of summaries) {
    expect(summary).toEqual({
      ...{ level: "warn", message: "request", method: "GET", route: "/batch/jobs", status: 401 },
      code: "invalid_api_key",
      repeated: expect.any(Number),
      requestIds: expect.any(Array),
    });
  }
  const common = { organizationId, apiKeyStart: key.slice(0, 12) };
  for (const code of ["invalid_page", "invalid_page_size"]) {
    expect(of(400).filter((line) => line.code === code)).toEqual([
      expect.objectContaining({ ...common, ms: expect.any(Number) }),
      expect.objectContaining({ ...common, repeated: 1 }),
    ]);
  }
});
