import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { insertDialableJob, insertPhoneNumber, testDatabase } from "@/db/fixtures";
import { ApiError, type BatchJob, BatchJobsClient, type Jobs, type SendOptions } from "@/lib/client/client";
import { expect, type Organization, test } from "./fixtures";
import { addresses } from "./servers";

// The TypeScript client, against real servers. Its package is tested in examples.spec.ts.

const root = path.resolve(import.meta.dirname, "..");

/** A client with all scopes, and the statuses of the responses that it gets. */
async function connect(org: Organization, url = addresses.main, options: SendOptions = {}) {
  const statuses: number[] = [];
  const observed: typeof fetch = async (...given) => {
    const response = await fetch(...given);
    statuses.push(response.status);
    return response;
  };
  const apiKey = await org.keyWith("read", "manage", "dial");
  return { client: new BatchJobsClient({ url, apiKey, fetch: observed, ...options }), statuses };
}

async function read(jobs: Jobs): Promise<BatchJob[]> {
  const found: BatchJob[] = [];
  for await (const job of jobs) found.push(job);
  return found;
}

const errorOf = async (sent: Promise<unknown>): Promise<unknown> =>
  sent.then(
    () => expect(null, "it succeeds").toBe("an error"),
    (error) => error,
  );

test("its types are those of this version of the API", () => {
  const command = ["lib/cli/run.mjs", "client-types"];
  const types = execFileSync(process.execPath, command, { cwd: root, encoding: "utf8" });
  const message = "run: npm run client:types";
  expect(readFileSync(path.join(root, "lib/client/openapi.ts"), "utf8") === types, message).toBe(true);
});

test("refuses what can't be the server's address, and no key", () => {
  for (const url of [
    "localhost:3000",
    "jobs.example.com",
    "ftp://jobs.example.com",
    "http://",
    "",
    undefined,
  ]) {
    expect(() => new BatchJobsClient({ url: url as string, apiKey: "x" })).toThrow(
      `url must be an address that begins with http:// or https://; got ${JSON.stringify(url)}`,
    );
  }
  for (const apiKey of ["", undefined]) {
    const options = { url: addresses.main, apiKey: apiKey as string };
    expect(() => new BatchJobsClient(options)).toThrow("apiKey is missing");
  }
});

test("creates, starts, reschedules and cancels jobs, and makes calls", async ({ org }) => {
  const { client } = await connect(org);
  const fromPhoneNumberId = await insertPhoneNumber(org.id);
  const contacts = [{ phone: "+12025550101", name: "John Smith", plan: "Premium" }];
  const body = { name: "January", fromPhoneNumberId, contacts };
  const { batchJobId } = await client.createBatchJob(body);
  const scheduledStartTime = "2030-03-01T10:00:00";
  expect((await client.rescheduleBatchJob(batchJobId, { scheduledStartTime })).status).toBe("scheduled");
  const again = { scheduledStartTime, timezone: "America/New_York" };
  const { scheduledStartTime: inUtc } = await client.rescheduleBatchJobByPost(batchJobId, again);
  expect(inUtc).toBe("2030-03-01T15:00:00Z");
  expect((await client.getRedisStatus(batchJobId)).databaseStatus).toBe("scheduled");
  expect((await client.startBatchJob(batchJobId)).status).toBe("running");
  const { calls } = await client.claimCalls({ dialer: "test" });
  const callId = calls[0]?.callId ?? "";
  expect((await client.permitDialing(callId)).attempt).toBe(1);
  const { contact } = await client.reportResult(callId, { status: "completed", callDuration: 42 });
  expect(contact.contactData.plan).toBe("Premium");
  const done = await client.getBatchJob(batchJobId, { contactStatus: "completed" });
  expect([done.status, done.contacts[0]?.callDuration]).toEqual(["completed", 42]);

  const other = await client.createBatchJob(body);
  expect((await client.cancelBatchJob(other.batchJobId)).contactsCancelled).toBe(1);
  const third = await insertDialableJob(org.id, 2, { status: "running" });
  expect((await client.failBatchJob(third, { reason: "No trunk" })).contactsCancelled).toBe(2);
  const csv = await new Response(await client.exportBatchJobs({ organizationId: org.id })).text();
  expect(csv.match(/^(batch_[\w-]+),/gm)?.sort()).toEqual(
    [batchJobId, other.batchJobId, third].map((id) => `${id},`).sort(),
  );
});

test("reads all jobs page by page, then what has changed", async ({ org }) => {
  const { client, statuses } = await connect(org);
  const ids = await org.add(
    ...Array.from({ length: 7 }, (_, at) => ({ name: `Job ${at}`, status: "failed" as const })),
    { status: "completed" },
  );
  const failed = client.jobs({ organizationId: org.id, status: ["failed", "running"], pageSize: 3 });
  expect((await read(failed)).map((job) => job.id).sort()).toEqual(ids.slice(0, 7).sort());
  expect(statuses).toEqual([200, 200, 200]);
  const updatedSince = failed.nextUpdatedSince;
  await testDatabase.updateTable("batch_jobs").set({ name: "New" }).where("id", "=", `${ids[0]}`).execute();
  const follow = () =>
    read(client.jobs({ organizationId: org.id, sort: "updatedAt", updatedSince, include: ["updatedAt"] }));
  // Others may come again while other tests have transactions open.
  const changed = await follow();
  expect(changed.map((job) => job.name)).toContain("New");
  expect(changed[0]?.updatedAt).toMatch(/^20/);

  const begun = client.jobs({ organizationId: org.id, pageSize: 3 });
  for await (const job of begun) if (job) break;
  expect(begun.nextUpdatedSince, "unknown until all have been read").toBeUndefined();
});

test("asks whether a stored response is still current, and stores few", async ({ org }) => {
  await org.add({ name: "One" });
  const { client, statuses } = await connect(org, addresses.main, { cacheEntriesMax: 2 });
  const query = { organizationId: org.id };
  const namesOf = async (given: object = {}, cache?: RequestCache) =>
    (await client.listBatchJobs({ ...query, ...given }, { cache })).batchJobs.map((job) => job.name);
  expect([await namesOf(), await namesOf(), await namesOf()]).toEqual([["One"], ["One"], ["One"]]);
  await org.add({ name: "Two" });
  expect((await namesOf()).sort()).toEqual(["One", "Two"]);
  expect(statuses.splice(0)).toEqual([200, 304, 304, 200]);
  await namesOf({ page: 2 });
  await namesOf();
  await namesOf({}, "no-store");
  await namesOf({ page: 3 });
  await namesOf();
  await namesOf({ page: 2 });
  expect(statuses, "page 2 made room for page 3").toEqual([200, 304, 200, 200, 304, 200]);
});

test("an error has its status, code, message and request id", async ({ org }) => {
  const { client } = await connect(org);
  const missing = await errorOf(client.getBatchJob("batch_none"));
  expect(missing).toBeInstanceOf(ApiError);
  expect(missing).toMatchObject({
    name: "ApiError",
    status: 404,
    code: "job_not_found",
    message: "Batch job not found",
    requestId: expect.stringMatching(/\w{8}/),
  });
  const list = client.jobs({ organizationId: "org_of_others" });
  expect(await errorOf(read(list))).toMatchObject({ status: 403, code: "organization_forbidden" });
  const stranger = new BatchJobsClient({ url: addresses.main, apiKey: "x" });
  expect(await errorOf(stranger.startBatchJob("x"))).toMatchObject({ status: 401, code: "invalid_api_key" });
});

test("waits as long as Retry-After says, but no longer than it may, and until it is aborted", async ({
  org,
}) => {
  const { client, statuses } = await connect(org, addresses.odd, { retryTimeoutMs: 1_000 });
  const list = (options?: { signal: AbortSignal }) =>
    client.listBatchJobs({ organizationId: org.id }, { cache: "no-store", ...options });
  for (let time = 0; time < 5; time++) await list();
  // The window ends within a minute.
  expect(await errorOf(list())).toMatchObject({ status: 429, code: "rate_limited" });
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);

  const patient = await connect(org, addresses.odd);
  const abort = new AbortController();
  const waiting = errorOf(
    (async () => {
      for (;;) {
        await patient.client.listBatchJobs(
          { organizationId: org.id },
          { cache: "no-store", signal: abort.signal },
        );
      }
    })(),
  );
  await expect.poll(() => patient.statuses.at(-1)).toBe(429);
  const reason = new Error("Stopped");
  abort.abort(reason);
  expect(await waiting).toBe(reason);
  expect(patient.statuses.filter((status) => status === 429)).toHaveLength(1);
});

test("behind a proxy that fails: retries after Retry-After and lost answers, and writes once", async ({
  org,
}) => {
  const main = new URL(addresses.main);
  /** What the proxy does with a request. */
  const script: ("refuse" | "break" | "lose" | "pass")[] = [];
  const keys: unknown[] = [];
  let retryAfter = "1";
  const proxy = createServer((incoming, outgoing) => {
    const step = script.shift() ?? "pass";
    keys.push(incoming.headers["idempotency-key"]);
    if (step === "refuse") outgoing.writeHead(503, { "Retry-After": retryAfter }).end("<h1>Try again</h1>");
    if (step === "break") incoming.socket.destroy();
    if (step === "refuse" || step === "break") return;
    const { method, url, headers } = incoming;
    const passed = httpRequest(
      { host: main.hostname, port: main.port, method, path: url, headers },
      (answer) => {
        if (step === "lose") {
          // The head and a part of the body arrive.
          outgoing.writeHead(answer.statusCode ?? 0, answer.rawHeaders);
          outgoing.write("{");
          answer.resume().on("end", () => incoming.socket.destroy());
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 0, answer.rawHeaders);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  try {
    const { client } = await connect(org, url);
    const fromPhoneNumberId = await insertPhoneNumber(org.id);
    const body = { name: "Once", fromPhoneNumberId, contacts: [{ phone: "+12025550101" }] };
    script.push("break", "refuse", "lose", "pass");
    const startedMs = performance.now();
    const { batchJobId } = await client.createBatchJob(body);
    expect(performance.now() - startedMs).toBeGreaterThan(1_000);
    expect(await org.ids()).toEqual([batchJobId]);
    expect(keys).toEqual(Array(4).fill(expect.stringMatching(/^[\da-f-]{36}$/)));
    expect(new Set(keys).size).toBe(1);
    await client.createBatchJob(body);
    expect(await org.ids(), "another call is another write").toHaveLength(2);

    keys.length = 0;
    const { calls } = await client.claimCalls({ dialer: "test" });
    const callId = calls[0]?.callId ?? "";
    script.push("lose", "pass", "lose", "pass");
    expect((await client.permitDialing(callId)).attempt).toBe(1);
    await client.reportResult(callId, { status: "completed" });
    expect(keys, "these can be repeated without").toEqual([expect.any(String), ...Array(4).fill(undefined)]);

    for (retryAfter of ["soon", "0"]) {
      script.push("refuse", "refuse", "pass");
      const refusedMs = performance.now();
      await client.listBatchJobs({ organizationId: org.id });
      expect(performance.now() - refusedMs, `Retry-After: ${retryAfter}`).toBeGreaterThan(290);
    }

    const hasty = await connect(org, url, { retriesMax: 1 });
    script.push("break", "break", "pass", "refuse", "refuse");
    expect(await errorOf(hasty.client.startBatchJob(batchJobId))).toMatchObject({ message: "fetch failed" });
    await hasty.client.listBatchJobs({ organizationId: org.id });
    expect(await errorOf(hasty.client.listBatchJobs({ organizationId: org.id }))).toMatchObject({
      status: 503,
      code: "unknown",
      message: "The server answered with status 503",
    });
  } finally {
    proxy.close();
    proxy.closeAllConnections();
  }
});

test("a server that doesn't answer in time is asked again", async ({ org }) => {
  let asked = 0;
  const silent = createServer(() => asked++);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const { client } = await connect(org, url, { timeoutMs: 100, retriesMax: 1 });
  expect(await errorOf(client.getBatchJob("x"))).toMatchObject({ name: "TimeoutError" });
  expect(asked).toBe(2);
  silent.close();
  silent.closeAllConnections();
});
