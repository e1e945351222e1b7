import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { insertBatchJobs, insertPhoneNumber, testDatabase, uniqueId } from "@/db/fixtures";
import { batchJobStatuses } from "@/lib/batch-jobs/schema";
import { expect, type Organization, test } from "./fixtures";
import { type Named, type Operation, openApi } from "./openapi";

// The description of the API. Its schemas are checked by the tests of the API: see requireDocumented in openapi.ts.

const root = path.resolve(import.meta.dirname, "..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

async function operations() {
  const { document } = await openApi();
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
}

interface Field {
  description?: string;
  type?: string | string[];
  anyOf?: { type?: string }[];
}

/** The fields of objects in a JSON Schema, at any depth, by their places in it. */
function fieldsOf(schema: object, place = ""): [place: string, field: Field][] {
  return Object.entries(schema).flatMap(([key, value]) => {
    if (typeof value !== "object" || value === null) return [];
    const own: [string, Field][] = place.endsWith("/properties") ? [[`${place}/${key}`, value]] : [];
    return [...own, ...fieldsOf(value, `${place}/${key}`)];
  });
}

test("it is valid OpenAPI 3.1", async ({ request }) => {
  const response = await request.get("/openapi.json");
  expect(response.status()).toBe(200);
  const validator = new Validator();
  expect(await validator.validate(await response.json())).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
});

test("it can be cached, and is the same for anybody", async ({ request }) => {
  const response = await request.get("/openapi.json");
  expect(response.headers()).toMatchObject({
    "content-type": "application/json; charset=utf-8",
    "cache-control": "public, no-cache",
    "content-security-policy": expect.stringContaining("default-src 'none'"),
  });
  expect(response.headers()["set-cookie"]).toBeUndefined();
  const { etag = "" } = response.headers();
  const again = await request.get("/openapi.json", { headers: { "If-None-Match": etag } });
  expect([again.status(), await again.text()]).toEqual([304, ""]);
  expect((await request.post("/openapi.json")).status()).toBe(405);
});

test("every route has its methods in it, and nothing else is", async ({ request }) => {
  const { document } = await openApi();
  const routes = readdirSync(path.join(root, "app/batch"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("/route.ts") && !file.includes("..."))
    .map((file) => `/batch/${path.dirname(file)}`.replace(/\[(\w+)\]/g, "{$1}"));
  expect(Object.keys(document.paths).sort()).toEqual(routes.sort());
  for (const [path, methods] of Object.entries(document.paths)) {
    const { allow = "" } = (await request.fetch(path, { method: "OPTIONS" })).headers();
    const allowed = allow.split(", ").filter((method) => method !== "HEAD" && method !== "OPTIONS");
    expect(Object.keys(methods).sort(), path).toEqual(allowed.map((method) => method.toLowerCase()).sort());
  }
});

test("each field that is a number or can be null says what it means", async () => {
  const { document } = await openApi();
  const fields = fieldsOf(document.components.schemas);
  expect(fields.length).toBeGreaterThan(100);
  const isClear = /\/(name|description|page|pageSize|contactsPage|contactsPageSize|statusCounts\/.*)$/;
  const unclear = fields.filter(([place, { description, type, anyOf = [] }]) => {
    const types = [type, ...anyOf.map((one) => one.type)].flat();
    const needsIt = types.includes("integer") || types.includes("null");
    return needsIt && description === undefined && !isClear.test(place);
  });
  expect(unclear.map(([place]) => place)).toEqual([]);
});

test("each code of an error is in the reference, and the other way round", async () => {
  const { document } = await openApi();
  const lists = [...JSON.stringify(document).matchAll(/"enum":(\[[^\]]*\])\}\}\}\]/g)];
  const documented = new Set(lists.flatMap(([, list = "[]"]) => JSON.parse(list) as string[]));
  const rows = ["app/batch/README.md", "lib/dialer/README.md"]
    .flatMap((file) => read(file).split("\n"))
    .filter((line) => /^\| \d{3} /.test(line));
  const codes = rows.flatMap((row) =>
    [...(row.split("|")[2] ?? "").matchAll(/`([a-z_]+)`/g)].map(([, code = ""]) => code),
  );
  expect(codes.length).toBeGreaterThan(60);
  // Of pages, in the same table.
  const elsewhere = ["unsupported_body", "busy"];
  expect([...new Set(codes)].filter((code) => !documented.has(code)).sort()).toEqual(elsewhere.sort());
  // The tables say "and missing_… and invalid_… with a field's name".
  const schemas = JSON.stringify(document);
  const isOfField = (code: string) => {
    const [, name = ""] = /^(?:missing|invalid)_(\w+)$/.exec(code) ?? [];
    const field = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    return name !== "" && schemas.includes(`"${field}":`);
  };
  expect([...documented].filter((code) => !codes.includes(code) && !isOfField(code))).toEqual([]);
});

test("each operation needs the scope that it names", async ({ org, request }) => {
  const scopes = ["read", "manage", "dial"] as const;
  for (const { path, method, operation } of await operations()) {
    const [needed] = operation.security[0]?.bearerAuth ?? [];
    expect(operation.security, path).toEqual([{ bearerAuth: [needed] }, { apiKeyHeader: [needed] }]);
    const key = await org.keyWith(...scopes.filter((scope) => scope !== needed));
    const url = `${path.replace(/\{\w+\}/, "x")}?organizationId=${org.id}`;
    const response = await request.fetch(url, { method, headers: { "x-api-key": key } });
    expect(await response.json(), path).toMatchObject({
      code: "insufficient_scope",
      detail: expect.stringContaining(`needs an API key with the scope ${needed};`),
    });
    const errors = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
    for (const [status, { content }] of errors) {
      const { example, examples = {} } = content?.["application/json"] ?? {};
      const sentences = example ? [example] : Object.values(examples).map(({ value }) => value);
      expect(sentences, `${path} ${status}`).not.toEqual([]);
    }
    const exampleOf = (status: number) => operation.responses[status]?.content?.["application/json"]?.example;
    expect(await (await request.fetch(url, { method })).json()).toEqual(exampleOf(401));
    const { detail: forbidden = "needs an API key" } = exampleOf(403) ?? {};
    expect((await response.json()).detail, path).toContain(forbidden.split(";")[0]);
  }
});

test("writes don't list the organization's id as invalid: any but their own is forbidden", async ({
  org,
  request,
}) => {
  const headers = { "x-api-key": await org.keyWith("read", "manage", "dial") };
  const writes = (await operations()).filter(({ method }) => method !== "get");
  expect(writes.length).toBeGreaterThan(8);
  for (const { path, method, operation } of writes) {
    const url = `${path.replace(/\{\w+\}/, "x")}?organizationId=%00`;
    const response = await request.fetch(url, { method, headers });
    expect(await response.json(), path).toMatchObject({ code: "organization_forbidden" });
    const { schema } = operation.responses[400]?.content?.["application/json"] ?? {};
    // The body of this one has an organizationId, too, which can be invalid.
    const isListed = path === "/batch/create";
    expect(JSON.stringify(schema).includes('"invalid_organization_id"'), path).toBe(isListed);
  }
});

test("the bounds of parameters are those of the server", async ({ org }) => {
  const list = (await operations()).find(({ operation }) => operation.operationId === "listBatchJobs");
  let tried = 0;
  const statusOf = async (name: string, value: unknown) => (await org.get(`&${name}=${value}`)).status();
  for (const { name, schema } of list?.operation.parameters ?? []) {
    const { minimum, maximum, maxLength } = schema as Named<number | undefined>;
    const words = (schema.enum ?? (schema.items as Named<unknown> | undefined)?.enum ?? []) as string[];
    const right: unknown[] = [minimum, maximum, maxLength && "x".repeat(maxLength), ...words];
    const wrong: unknown[] = [
      minimum !== undefined && minimum - 1,
      maximum && maximum + 1,
      maxLength && "x".repeat(maxLength + 1),
      words.length > 0 && "x",
    ];
    const given = (value: unknown) => value !== undefined && value !== false;
    for (const value of right.filter(given))
      expect(await statusOf(name, value), `${name}=${value}`).toBe(200);
    for (const value of wrong.filter(given))
      expect(await statusOf(name, value), `${name}=${value}`).toBe(400);
    tried += wrong.filter(given).length;
  }
  expect(tried).toBeGreaterThan(10);
});

test("the sentences of errors without a whole example are those of the code", async () => {
  const files = ["app", "lib"].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .map((file) => `${folder}/${file}`)
      .filter((file) => file.endsWith(".ts") && !/node_modules|^lib\/(openapi|client)\//.test(file)),
  );
  // A string or a template on one line, as what it can become.
  const literals = files.flatMap((file) =>
    [...read(file).matchAll(/(["'`])((?:(?!\1).){12,})\1/g)].map(([, , text = ""]) =>
      text
        .split(/\$\{[^}]*\}/)
        .map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"))
        .join(".+"),
    ),
  );
  const code = new RegExp(`^(?:${literals.filter((text) => !text.startsWith(".+")).join("|")})$`);
  const { document } = await openApi();
  const examples: { detail: string; code: string }[] = [];
  JSON.parse(JSON.stringify(document), (key, value) => {
    if (key === "example" && value.detail !== undefined) examples.push(value);
    return value;
  });
  // The 401 is compared with a response above.
  const sentences = examples.filter((example) => example.code !== "missing_api_key");
  expect(new Set(sentences.map((example) => example.code)).size).toBeGreaterThan(12);
  for (const { detail } of sentences) expect(detail).toMatch(code);
  for (const { path: at, operation } of await operations()) {
    const route = read(`app${at.replace(/\{(\w+)\}/g, "[$1]")}/route.ts`);
    const failure = operation.responses[500]?.content?.["application/json"]?.example;
    expect(route, at).toContain(JSON.stringify(failure?.detail));
  }
});

/** What an example sends and what it is answered. */
function examplesOf({ requestBody, responses }: Operation) {
  return Object.entries(responses).flatMap(([status, { content }]) =>
    Object.entries(content?.["application/json"]?.examples ?? {}).map(([name, example]) => ({
      name,
      status: Number(status),
      answer: example.value,
      body: requestBody?.content["application/json"]?.examples?.[name]?.value,
      path: example["x-request"]?.path ?? {},
      query: example["x-request"]?.query ?? {},
    })),
  );
}

const contactData = [
  { phone: "+12025550101", name: "John Smith", plan: "Premium" },
  { phone: "+12025550102", name: "Jane Doe", plan: "Basic" },
];

/** Inserts the examples' job with its contacts, in a status, and their phone number. */
async function insertExample(
  org: Organization,
  status: (typeof batchJobStatuses)[number],
  isHalfDone: boolean,
) {
  const [id = ""] = await insertBatchJobs(org.id, [
    {
      id: uniqueId("batch"),
      name: "January Renewal Campaign",
      description: "Follow up on expiring subscriptions",
      status,
      agent_id: "agent_def456",
      from_phone_number_id: "phone_ghi789",
      has_contacts: true,
      total_contacts: 2,
      created_at: new Date("2025-02-28T10:30:00Z"),
      scheduled_start_time: new Date(
        status === "scheduled" ? "2030-02-28T14:00:00Z" : "2025-02-28T14:00:00Z",
      ),
      ...(isHalfDone && {
        contacts_processed: 1,
        successful_calls: 1,
        actual_start_time: new Date("2025-02-28T14:00:05Z"),
      }),
    },
  ]);
  const done = [
    {
      status: "completed" as const,
      last_attempt_at: new Date("2025-02-28T14:00:10Z"),
      completed_at: new Date("2025-02-28T14:02:10Z"),
      room_name: "outbound_agent_def456_12025550101_1709128800",
      call_duration: 120,
    },
    {
      status: "no_answer" as const,
      error_code: "480",
      last_attempt_at: new Date("2025-02-28T14:00:15Z"),
      next_retry_at: new Date("2025-02-28T14:05:15Z"),
      failure_reason: "SIP status: 480 Temporarily Unavailable",
    },
  ];
  for (const [at, data] of contactData.entries()) {
    await testDatabase
      .insertInto("batch_contacts")
      .values({
        organization_id: org.id,
        batch_job_id: id,
        position: at + 1,
        phone_number: data.phone,
        contact_data: data,
        ...(isHalfDone && { attempt_count: 1, ...done[at] }),
      })
      .execute();
  }
  await insertPhoneNumber(org.id, { id: "phone_ghi789" });
  return id;
}

const exampleCall = /call_0195f2c7a3b84d6e8f10213243546576/g;

test("each example gets its answer", async ({ makeOrg, request }) => {
  let tried = 0;
  for (const { path, method, operation } of await operations()) {
    for (const example of examplesOf(operation)) {
      const org = await makeOrg();
      const headers = { "x-api-key": await org.keyWith("read", "manage", "dial") };
      const isRead = /^(list|get)BatchJobs?$/.test(operation.operationId);
      const isOfCall = path.includes("{callId}");
      const named = batchJobStatuses.find((status) => status === example.name);
      const id = await insertExample(org, isRead ? "running" : (!isOfCall && named) || "pending", isRead);
      let callId = "";
      if (isOfCall) {
        const data = { dialer: "test", max: 1 };
        callId = (await (await request.post("/batch/calls/claim", { headers, data })).json()).calls[0].callId;
        if (example.name === "completed") await request.post(`/batch/calls/${callId}/dialing`, { headers });
      }
      const own = <T>(value: T): T =>
        JSON.parse(
          (JSON.stringify(value) ?? "null")
            .replaceAll("org_abc123", org.id)
            .replaceAll("batch_xyz789", id)
            .replace(exampleCall, callId || "$&"),
        );
      const query = new URLSearchParams(
        Object.entries(own(example.query)).map(([name, value]) => [name, String(value)]),
      );
      const url = path.replace(/\{(\w+)\}/g, (_, name: string) => own(example.path)[name] ?? "");
      const response = await request.fetch(`${url}?${query}`, {
        method,
        headers,
        data: own(example.body) ?? undefined,
      });
      const label = `${operation.operationId}, ${example.name}`;
      expect(response.status(), `${label}: ${await response.text()}`).toBe(example.status);
      expect(comparable(await response.json()), label).toEqual(comparable(own(example.answer)));
      tried++;
    }
  }
  expect(tried).toBeGreaterThan(20);
});

/** Without new ids, and the times that requests set. */
function comparable(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body), (key, value) => {
    if (/^(startedAt|leaseUntil|lastAttemptAt|completedAt)$/.test(key)) return typeof value;
    if (typeof value !== "string") return value;
    return value.replace(/^(batch|call)_[0-9a-f]{32}$/, "$1_new");
  });
}

test("the reference shows and tries an operation without signing in, and asks no other server", async ({
  page,
  org,
}) => {
  await page.emulateMedia({ colorScheme: "dark" });
  const hosts = new Set<string>();
  const problems: string[] = [];
  page.on("request", (request) => hosts.add(new URL(request.url()).origin));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto("/docs");
  await page.getByRole("button", { name: "Authorize", exact: true }).first().click();
  await page.getByRole("textbox").first().fill(org.key);
  await page.getByRole("button", { name: "Apply credentials" }).first().click();
  await page.getByRole("button", { name: "Close" }).last().click();
  await page.locator("#operations-Batch_jobs-listBatchJobs .opblock-summary-control").click();
  await page.getByPlaceholder("organizationId").fill(org.id);
  await page.getByRole("listbox", { name: "status" }).selectOption("failed");
  await page.getByRole("button", { name: "Execute" }).click();
  await expect(page.locator(".live-responses-table")).toContainText('"batchJobs": []');
  await expect(page.locator(".request-url")).toContainText("status=failed");
  expect(await page.evaluate(() => document.documentElement.classList.contains("dark-mode"))).toBe(true);
  expect([...hosts].filter((host) => host.startsWith("http"))).toEqual([new URL(page.url()).origin]);
  expect(problems).toEqual([]);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the examples are shown in the language that is chosen", async ({ page }) => {
    await page.goto("/docs");
    await page.getByText("Create a job", { exact: true }).click();
    const python = page.getByLabel("create-job.py");
    await expect(page.getByLabel("create-job.sh")).toHaveText(/curl/);
    await expect(python).toBeHidden();
    await page.getByRole("radio", { name: "Python" }).check();
    await expect(python).toHaveText(read("app/docs/examples/create-job.py").trimEnd(), {
      useInnerText: true,
    });
    await expect(page.getByLabel("create-job.sh")).toBeHidden();
  });
});

test("the examples name the signed-in person's organization, and a phone number that makes calls", async ({
  page,
  org,
  member: _member,
}) => {
  await insertPhoneNumber(org.id, { id: "phone_idle", agent_id: null });
  const phone = await insertPhoneNumber(org.id);
  const response = await page.goto("/docs");
  expect(response?.headers()["cache-control"]).toContain("private");
  await expect(page.getByLabel("Environment variables")).toContainText(`_ORGANIZATION_ID=${org.id}`);
  for (const language of ["sh", "ts", "py"]) {
    for (const name of ["create-job", "create-job-from-csv"]) {
      const example = page.getByLabel(`${name}.${language}`);
      await expect(example).toContainText(phone);
      await expect(example).not.toContainText("phone_ghi789");
    }
  }
});

test("only the files of the reference are served", async ({ request }) => {
  for (const name of ["nothing", "constructor", "__proto__", "swagger-ui.js"]) {
    expect((await request.get(`/docs/${name}`)).status(), name).toBe(404);
  }
});
