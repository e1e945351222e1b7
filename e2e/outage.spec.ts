import { connect } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { APIResponse, PlaywrightWorkerArgs } from "@playwright/test";
import { sql } from "kysely";
import { createClient } from "@/db/client";
import { insertUser, type TestUser, testDatabase } from "@/db/fixtures";
import { postgresProcesses, startOwnPostgres, urlOfOwnPostgres } from "@/db/fixtures-postgres";
import { makeApiKey } from "./api-key";
import { postSignIn } from "./fixtures";

import { expect, freePort, isListening, type Running, test, type Variables, type Workshop } from "./process";
import { secret } from "./servers";

// The database is unavailable, slow or frozen, and the server shuts down: without Next, and in one test of each kind
// through it.

test.describe.configure({ timeout: 90_000 });

const failure = '{"detail":"Failed to list batch jobs","code":"internal_error"}';

async function startServer(
  workshop: Workshop,
  databaseUrl: string,
  command?: string[],
  variables: Variables = {},
) {
  const port = await freePort();
  const address = `http://localhost:${port}`;
  const running = workshop.start(
    {
      DATABASE_URL: databaseUrl,
      NEXTAUTH_URL: address,
      NEXTAUTH_SECRET: secret,
      PORT: String(port),
      ...variables,
    },
    command,
  );
  await running.shows("Stop with Ctrl-C");
  const key = makeApiKey();
  const ask = (query = "") =>
    fetch(`${address}/batch/jobs?organizationId=org_x${query}`, { headers: { "x-api-key": key } });
  const ready = async () => {
    const response = await fetch(`${address}/health/ready`);
    const { version: _version, ...body } = await response.json();
    return { status: response.status, body };
  };
  const live = async () => (await fetch(`${address}/health/live`)).status;
  return { running, port, address, key, ask, ready, live };
}

/** A server on a PostgreSQL of the test's own, with one organization, its key and a job. */
async function startAll(workshop: Workshop, command?: string[], more?: Variables) {
  const directory = path.join(workshop.directory, "data");
  const postgres = await startOwnPostgres(directory);
  const database = createClient({
    databaseUrl: postgres.databaseUrl,
    poolMax: 2,
    applicationName: "test",
    timeouts: false,
    onIdleError: () => {},
  });
  const server = await startServer(workshop, postgres.databaseUrl, command, more);
  const variables = { DATABASE_URL: postgres.databaseUrl };
  await workshop.admin(variables, ["organizations", "create", "--id", "org_x", "--name", "X"]);
  const made = await workshop.admin(variables, [
    "api-keys",
    "create",
    "--organization",
    "org_x",
    "--name",
    "Test",
  ]);
  const key = made.stdout.trim();
  const ask = () =>
    fetch(`${server.address}/batch/jobs?organizationId=org_x`, { headers: { "x-api-key": key } });
  expect((await ask()).status).toBe(200);
  const stop = async () => {
    await database.destroy().catch(() => {});
    await postgres.stop();
  };
  return { ...server, key, ask, directory, postgres, database, stop };
}

/** Signs in to such a server as a member of its organization. */
async function signInThere(
  workshop: Workshop,
  playwright: PlaywrightWorkerArgs["playwright"],
  { address, postgres }: Pick<Awaited<ReturnType<typeof startAll>>, "address" | "postgres">,
) {
  const person = { email: "ana@example.com", password: "correct horse battery" };
  const words = ["--email", person.email, "--organization", "org_x", "--role", "member", "--password-stdin"];
  await workshop.admin(
    { DATABASE_URL: postgres.databaseUrl },
    ["users", "create", ...words],
    person.password,
  );
  const request = await playwright.request.newContext({ baseURL: address });
  expect((await postSignIn(request, person)).status()).toBe(200);
  return { person, request };
}

async function expectFailure(response: Response): Promise<void> {
  expect(response.status).toBe(500);
  expect(response.headers.get("retry-after")).toBe("1");
  expect(response.headers.get("x-request-id")).not.toBeNull();
  expect(await response.text()).toBe(failure);
}

test("no database at the start: live, not ready, 500 with Retry-After, and recovers by itself", async ({
  workshop,
}) => {
  const directory = path.join(workshop.directory, "data");
  const port = await freePort();
  const databaseUrl = urlOfOwnPostgres(port);
  const METRICS_PORT = String(await freePort());
  const server = await startServer(workshop, databaseUrl, undefined, { METRICS_PORT });
  const { running, ask, ready, live, address } = server;
  expect(running.stderr).toContain("The database is not responding (ECONNREFUSED). Retrying");
  expect(running.stdout).toContain(`Listening on 127.0.0.1:${new URL(address).port}, but not ready`);
  expect(running.stdout).not.toContain("is running");
  expect(await live()).toBe(200);
  expect(await ready()).toEqual({ status: 503, body: { status: "database_unavailable" } });
  await expectFailure(await ask());
  const metrics = async () => (await fetch(`http://127.0.0.1:${METRICS_PORT}/metrics`)).text();
  await expect(async () => expect(await metrics()).toContain("\nbatch_jobs_build_info{")).toPass();
  expect(await metrics(), "what is in the database").not.toContain("\nbatch_jobs_calls_in_progress ");

  // Malformed keys are refused without a query, so they are refused even now.
  for (const key of ["x", "tk_live_x", `${makeApiKey().slice(0, -1)}!`]) {
    const response = await fetch(`${address}/batch/jobs?organizationId=org_x`, {
      headers: { "x-api-key": key },
    });
    expect(response.status, key).toBe(401);
  }

  const postgres = await startOwnPostgres(directory, port);
  await expect.poll(async () => (await ready()).status, { timeout: 20_000 }).toBe(200);
  expect((await ask()).status).toBe(401);
  const metricsThen = await metrics();
  expect(metricsThen).toContain("\nbatch_jobs_calls_in_progress 0\n");
  expect(metricsThen).toContain("\nbatch_jobs_jobs_due 0\n");
  expect(metricsThen, "there never was a dialer").not.toContain("\nbatch_jobs_dialer_last_seen_seconds ");
  await running.shows(`Batch Jobs is running: ${address} .listening on 127`);
  await running.shows(`page        ${address}/setup\n  setup code  \\S+\n`);
  await postgres.stop();
});

/** The lines of a server's log, without those that are no JSON: sentences for the operator. */
function logOf(running: Running): Record<string, unknown>[] {
  return running.stderr
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}

test("pages say that the database is unavailable, also without JavaScript; nobody is signed out", async ({
  workshop,
  playwright,
}) => {
  const { address, directory, postgres, stop, running, ask, port: serverPort } = await startAll(workshop);
  /** What the log tells of the failure of the request that was answered with this. */
  const logged = async (response: APIResponse) => {
    const requestId = response.headers()["x-request-id"];
    const find = () =>
      logOf(running).find(
        ({ message, ...line }) =>
          message !== "request" &&
          (line.requestId === requestId || String(line.requestIds).includes(requestId ?? "?")),
      );
    await expect.poll(find, { message: "its request's id is in the log" }).toBeDefined();
    return find();
  };
  const port = Number(new URL(postgres.databaseUrl).port);
  const { person, request } = await signInThere(workshop, playwright, { address, postgres });
  const jobs = () => request.get("/jobs?organizationId=org_x", { maxRedirects: 0 });
  expect((await jobs()).status()).toBe(200);

  await postgres.stop();
  for (const path of ["/jobs?organizationId=org_x", "/settings/display"]) {
    const page = await request.get(path);
    expect(page.status(), path).toBe(503);
    expect(page.headers()["retry-after"]).toBe("5");
    const html = (await page.text()).replace(/<script.*?<\/script>/gs, "");
    expect(html).toContain("The database didn’t respond in time");
    expect(html).toContain("Try again");
    expect(html.replaceAll("<!-- -->", "")).toContain(`Request ID: ${page.headers()["x-request-id"]}`);
    expect(await logged(page)).toMatchObject({
      level: "error",
      message: expect.stringMatching(/^Failed to show /),
    });
  }
  expect(await logged(await request.get("/health/ready"))).toMatchObject({
    message: "readiness check failed",
  });
  expect((await request.get("/sign-in")).status()).toBe(200);
  const live = await request.get("/live/jobs?organizationId=org_x&since=2025-01-01T00:00:00Z");
  expect(live.status()).toBe(500);
  const session = await request.get("/api/auth/session");
  expect(session.status()).toBe(500);
  expect(session.headers()["set-cookie"], "the cookie stays").toBeUndefined();
  const form = { ...person, callbackUrl: "/jobs?page=2" };
  const headers = { Origin: address };
  const signIn = await request.post("/api/auth/callback/credentials", { form, headers, maxRedirects: 0 });
  expect(signIn.headers().location).toBe(
    `/sign-in?callbackUrl=%2Fjobs%3Fpage%3D2&error=unavailable&retryAfter=1&requestId=${signIn.headers()["x-request-id"]}`,
  );
  expect(await logged(signIn)).toMatchObject({ message: "Failed to sign in or out" });
  const told = await (await request.get(signIn.headers().location ?? "")).text();
  expect(told).toContain(`Request ID: ${signIn.headers()["x-request-id"]}`);
  const signOut = await request.post("/api/auth/signout", { form: {}, headers, maxRedirects: 0 });
  expect(signOut.headers().location, "not signed out is not said to be").toContain("error=unavailable");

  const again = await startOwnPostgres(directory, port);
  expect((await jobs()).status(), "with the same cookie").toBe(200);

  // A failure that is nobody's but ours: a 500 in the page's shape, which says nothing of it.
  const broken = createClient({
    databaseUrl: again.databaseUrl,
    poolMax: 1,
    applicationName: "test",
    timeouts: false,
  });
  await sql`alter table batch_jobs rename to batch_jobs_away`.execute(broken);
  const page = await jobs();
  expect(page.status()).toBe(500);
  expect(await page.text()).toContain("Something went wrong on our side. The error has been logged.");
  expect(await page.text()).not.toContain("batch_jobs_away");
  expect(await logged(page)).toMatchObject({ message: "Failed to show Jobs", code: "42P01" });
  await sql`alter table users rename column name to name_away`.execute(broken);
  const renamed = { name: "Ana", organizationId: "org_x" };
  const rename = await request.post("/settings/account/rename", { form: renamed, headers, maxRedirects: 0 });
  expect(rename.headers().location).toContain(`error=failed&requestId=${rename.headers()["x-request-id"]}`);
  expect(await logged(rename)).toMatchObject({ code: "42703" });

  // A client that goes away in the middle of a form is no failure of ours.
  const socket = connect(serverPort, "localhost");
  const lines = ["Host: x", `Origin: ${address}`, "Content-Type: application/json", "Content-Length: 99"];
  socket.write(`POST /api/auth/signout HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n{`, () => socket.destroy());

  // The same failure is told once in full, then counted; what was counted last is told at the end.
  const failures = () => logOf(running).filter(({ message }) => message === "Failed to list batch jobs");
  const before = failures().length;
  const ids = new Set<string | null>();
  for (let round = 0; round < 10; round++) {
    for (const answer of await Promise.all(Array.from({ length: 30 }, ask))) {
      expect(answer.status).toBe(500);
      ids.add(answer.headers.get("x-request-id"));
    }
  }
  expect(ids.size).toBe(300);
  running.child.kill("SIGTERM");
  await running.ended;
  const [first, ...summaries] = failures().slice(before);
  expect(first).toMatchObject({ stack: expect.stringContaining("batch_jobs"), code: "42P01" });
  expect(ids).toContain(first?.requestId);
  const counted = summaries.map(({ repeated }) => Number(repeated));
  expect(
    counted.reduce((sum, count) => sum + count, 1),
    "nothing is lost",
  ).toBe(300);
  expect(summaries.length, "one line a second").toBeLessThan(20);
  for (const { stack, requestIds } of summaries) {
    expect(stack).toBeUndefined();
    expect([...ids]).toEqual(expect.arrayContaining(requestIds as string[]));
  }
  expect(running.stderr).not.toContain("aborted");
  const rest = running.stderr.split("\n").filter((line) => line !== "" && !line.startsWith("{"));
  expect(rest, "all is JSON, but what the start tells").toEqual([
    expect.stringMatching(/^Database migrated/),
  ]);
  await broken.destroy();
  await request.dispose();
  await again.stop();
  await stop();
});

test("a database restart: correct responses or 500 with Retry-After, and immediate recovery", async ({
  workshop,
}) => {
  const server = await startAll(workshop, undefined, { API_THROUGH_NEXT: "on" });
  const { ask, ready, live, directory, postgres, running, stop, database } = server;
  const port = Number(new URL(postgres.databaseUrl).port);

  // Each time the request races the news that its idle connection was cut.
  for (let round = 0; round < 30; round++) {
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'batch-jobs'`.execute(
      database,
    );
    const answer = await ask();
    expect(answer.status, `idle connections were cut: ${running.stderr}`).toBe(200);
  }

  let isOver = false;
  const statuses = new Map<number, number>();
  const clients = Array.from({ length: 6 }, async () => {
    while (!isOver) {
      const response = await ask();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      if (response.status === 500) await expectFailure(response);
      else expect(await response.json()).toMatchObject({ total: 0 });
    }
  });
  let current = postgres;
  for (let round = 0; round < 3; round++) {
    await delay(300);
    await current.stop();
    expect(await live()).toBe(200);
    await delay(300);
    current = await startOwnPostgres(directory, port);
    expect((await ask()).status).toBe(200);
  }
  isOver = true;
  await Promise.all(clients);
  expect([...statuses.keys()].sort()).toEqual([200, 500]);
  expect((await ready()).status).toBe(200);
  expect(running.child.exitCode).toBeNull();
  await stop();
  await current.stop();
});

test("many concurrent sign-ins are answered within seconds, despite slow hashing", async ({ workshop }) => {
  const { address } = await startServer(workshop, process.env.DATABASE_URL ?? "");
  const accounts: TestUser[] = [];
  while (accounts.length < 32) accounts.push(await insertUser());
  // Three times the work of the product's own hashes: all of them, two at a time, take sixteen times as long as one.
  await sql`
    update users set password_hash = ${`scrypt$131072$8$3$${"A".repeat(22)}$${"A".repeat(43)}`}
    where id in (${sql.join(accounts.map(({ id }) => id))})
  `.execute(testDatabase);
  const startedMs = Date.now();
  const answers = await Promise.all(
    accounts.map(async ({ email }) => {
      const response = await fetch(`${address}/api/auth/callback/credentials`, {
        method: "POST",
        headers: { Origin: address, "Content-Type": "application/json" },
        body: JSON.stringify({ email, password: "not the password", json: "true" }),
      });
      return {
        status: response.status,
        wait: response.headers.get("retry-after"),
        ms: Date.now() - startedMs,
      };
    }),
  );
  const statuses = new Set(answers.map(({ status, wait }) => `${status} ${wait}`));
  expect(statuses).toEqual(new Set(["401 null", "503 5"]));
  // Six seconds in the queue, and the hash that is under way then; a slow machine is slow for the first one, too.
  const times = answers.map(({ ms }) => ms);
  expect(Math.max(...times)).toBeLessThan(6_000 + 3 * Math.min(...times));
});

/** No request may take longer, whatever the database does. */
const answerMaxMs = 5_000;

/** Asks all at once; gives the statuses, and how long the last answer took. */
async function askAll(ask: (() => Promise<APIResponse | Response>)[]) {
  const started = Date.now();
  const answers = await Promise.all(ask.map((one) => one()));
  const statuses = answers.map((answer) => (answer instanceof Response ? answer.status : answer.status()));
  return { statuses: [...new Set(statuses)].sort(), elapsedMs: Date.now() - started };
}

test("a database that hangs: every response within 5 s, live all the time, then recovers", async ({
  workshop,
  playwright,
}) => {
  const server = await startAll(workshop);
  const { address, ask, live, directory, stop } = server;
  const { request, person } = await signInThere(workshop, playwright, server);
  const jobs = () => request.get("/jobs?organizationId=org_x");
  expect((await jobs()).status()).toBe(200);
  const form = { headers: { Origin: address }, form: { ...person, json: "true" } };
  const signIn = () => request.post("/api/auth/callback/credentials", form);
  const processes = await postgresProcesses(directory);
  for (const pid of processes) process.kill(pid, "SIGSTOP");
  try {
    const answers = Promise.all(Array.from({ length: 15 }, ask));
    const others = askAll([jobs, jobs, signIn, () => fetch(`${address}/health/ready`)]);
    expect(await live()).toBe(200);
    for (const answer of await answers) await expectFailure(answer);
    const { statuses, elapsedMs } = await others;
    expect(statuses).toEqual([500, 503]);
    expect(elapsedMs).toBeLessThan(answerMaxMs);
    // With all connections hanging, and none to be had.
    const again = await askAll([ask, jobs, () => request.get("/settings/members?organizationId=org_x")]);
    expect(again.statuses).toEqual([500, 503]);
    expect(again.elapsedMs).toBeLessThan(answerMaxMs);
  } finally {
    for (const pid of processes) process.kill(pid, "SIGCONT");
  }
  await expect.poll(async () => (await ask()).status).toBe(200);
  expect((await jobs()).status()).toBe(200);
  await request.dispose();
  await stop();
});

test("a locked table and many clients per connection: every response within 5 s, and immediate recovery", async ({
  workshop,
  playwright,
}) => {
  // As many clients for a connection as 200 for the usual ten.
  const server = await startAll(workshop, undefined, { DATABASE_POOL_MAX: "2" });
  const { address, key, ask, live, database, running, stop } = server;
  const { request } = await signInThere(workshop, playwright, server);
  const jobs = () => request.get("/jobs?organizationId=org_x");
  await database.transaction().execute(async (transaction) => {
    await sql`lock table batch_jobs`.execute(transaction);
    // The failure of a request whose client has gone, which comes first, is not logged.
    const abandoned = fetch(`${address}/batch/jobs?organizationId=org_x`, {
      headers: { "x-api-key": key },
      signal: AbortSignal.timeout(300),
    });
    await expect(abandoned).rejects.toThrow("timeout");
    const failed = await ask();
    await expectFailure(failed);
    const [logged] = logOf(running).filter(({ message }) => message === "Failed to list batch jobs");
    expect(logged?.requestId).toBe(failed.headers.get("x-request-id"));
    // They come one after the other, so that some get a connection when they have waited for it almost in vain.
    const end = Date.now() + 8_000;
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, at) => {
        const found: Awaited<ReturnType<typeof askAll>>[] = [];
        for (await delay(at * 90); Date.now() < end; ) found.push(await askAll([at % 4 === 0 ? jobs : ask]));
        return found;
      }),
    );
    expect(await live()).toBe(200);
    expect(new Set(answers.flat().flatMap(({ statuses }) => statuses))).toEqual(new Set([500, 503]));
    expect(Math.max(...answers.flat().map(({ elapsedMs }) => elapsedMs))).toBeLessThan(answerMaxMs);
  });
  expect((await ask()).status).toBe(200);
  await request.dispose();
  await stop();
});

test("read-only connections, as after a failover, are dropped; with a read-only database the server is not ready", async ({
  workshop,
}) => {
  const { ask, ready, database, running, stop } = await startAll(workshop);
  const connections = async () => {
    const { rows } = await sql<{ pid: number }>`
      select pid from pg_stat_activity where application_name = 'batch-jobs'
    `.execute(database);
    return rows.map(({ pid }) => pid);
  };
  // Sessions that begin now can only read, whatever is changed afterwards: as on what was the primary.
  await sql`alter role batch_jobs set default_transaction_read_only = on`.execute(database);
  for (const pid of await connections()) await sql`select pg_terminate_backend(${pid})`.execute(database);
  expect((await Promise.all([ask(), ask(), ask()])).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(await ready()).toEqual({ status: 503, body: { status: "database_read_only" } });

  const readOnly = await connections();
  await sql`set default_transaction_read_only = off`.execute(database);
  await sql`alter role batch_jobs reset default_transaction_read_only`.execute(database);
  await expect.poll(async () => (await ready()).status, { intervals: [100] }).toBe(200);
  expect(await ready()).toEqual({ status: 200, body: { status: "ready" } });
  expect((await ask()).status).toBe(200);
  expect((await connections()).filter((pid) => readOnly.includes(pid))).toEqual([]);
  expect(running.stderr).not.toContain("Failed to list");
  await stop();
});

for (const [name, more, command, signal] of [
  ["SIGTERM", {}, undefined, (pid: number) => process.kill(pid, "SIGTERM")],
  // npm passes on what the terminal has sent to its whole group already, so the server hears it twice.
  [
    "Ctrl-C on npm start",
    { API_THROUGH_NEXT: "on" },
    ["setsid", "npm", "start"],
    (pid: number) => {
      process.kill(-pid, "SIGINT");
      setTimeout(() => process.kill(-pid, "SIGINT"), 20);
    },
  ],
] as const) {
  test.describe(name, () => {
    test("requests in flight are completed, new ones are refused", async ({ workshop }) => {
      const { ask, database, running, port, stop } = await startAll(workshop, command && [...command], more);
      const [inFlight] = await database.transaction().execute(async (transaction) => {
        await sql`lock table batch_jobs`.execute(transaction);
        const asked = ask();
        const waiting = () =>
          sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and application_name = 'batch-jobs'`.execute(
            transaction,
          );
        await expect.poll(async () => (await waiting()).rows.length, { intervals: [20] }).toBe(1);
        signal(running.child.pid ?? 0);
        await expect.poll(() => isListening(port), { intervals: [20] }).toBe(false);
        return [asked] as const;
      });
      const answer = await inFlight;
      // On a machine that stalls for 2 s in the middle, the lock timeout answers first.
      expect([200, 500]).toContain(answer.status);
      expect(await running.ended).toEqual({ status: 0, signal: null });
      await stop();
    });
  });
}
