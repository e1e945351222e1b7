import path from "node:path";
import type { APIRequestContext } from "@playwright/test";
import { type Kysely, sql } from "kysely";
import pg from "pg";
import { createClient } from "@/db/client";
import { createEmptyDatabase } from "@/db/fixtures-postgres";
import type { Database } from "@/db/schema";
import { makeApiKey } from "./api-key";
import { currentSettings, relied, strange } from "./database-settings";
import { Organization, postSignIn } from "./fixtures";
import { startPgBouncer } from "./pgbouncer";
import { expect, freePort, test } from "./process";
import { secret } from "./servers";

// The product behind a real PgBouncer with its defaults, whose sessions belong to others as well, on a database whose
// own defaults are as unlike what the product relies on as they can be.

const jobs = Array.from({ length: 60 }, (_, at) => ({
  ...{
    id: `batch_${at}`,
    name: `Renewals ${at}`,
    description: null,
    status: at % 2 ? "completed" : "running",
  },
  ...{ organizationId: "org_x", agentId: "agent_1", fromPhoneNumberId: "phone_1", totalContacts: 10 },
  ...{ contactsProcessed: 5, successfulCalls: 4, failedCalls: 1, scheduledStartTime: null },
  ...{ actualStartTime: "2025-02-28T14:00:05Z", completedAt: null },
  createdAt: new Date(Date.UTC(2025, 0, 1, 0, at)).toISOString().replace(".000", ""),
  ...{ concurrentCallLimit: 5, retryPolicy: { maxAttempts: 3, retryableStatuses: ["busy"] } },
}));

test("the API, pages and commands work through PgBouncer with transaction and session pooling", async ({
  workshop,
  playwright,
}) => {
  test.setTimeout(120_000);
  const direct = new URL(await createEmptyDatabase());
  const name = direct.pathname.slice(1);
  const owner = createClient({
    databaseUrl: direct.href,
    poolMax: 1,
    applicationName: "test",
    timeouts: false,
  });
  for (const [setting, value] of Object.entries(strange)) {
    await sql`alter database ${sql.id(name)} set ${sql.raw(setting)} = ${sql.lit(value)}`.execute(owner);
  }
  const bouncer = await startPgBouncer(path.join(workshop.directory, "pgbouncer"), direct, {
    transaction: `dbname=${name} pool_mode=transaction`,
    session: `dbname=${name} pool_mode=session`,
  });
  const admin = (words: string[], input?: string) =>
    workshop.admin({ DATABASE_URL: bouncer.urlOf("transaction") }, words, input);

  // Migrations by three at once: one does the work, the others wait for it.
  const first = await Promise.all([1, 2, 3].map(() => admin(["organizations", "list"])));
  expect(first.map(({ status }) => status)).toEqual([0, 0, 0]);
  expect(first.filter(({ stderr }) => /^Database migrated/.test(stderr))).toHaveLength(1);

  await admin(["organizations", "create", "--id", "org_x", "--name", "X"]);
  const key = (
    await admin(["api-keys", "create", "--organization", "org_x", "--name", "Test"])
  ).stdout.trim();
  const user = { email: "ana@example.com", password: "correct horse battery" };
  const words = ["--email", user.email, "--organization", "org_x", "--role", "owner", "--password-stdin"];
  expect((await admin(["users", "create", ...words], user.password)).status).toBe(0);
  const lines = jobs.map((one) => JSON.stringify(one)).join("\n");
  expect((await admin(["batch-jobs", "import", "--organization", "org_x", "-"], lines)).status).toBe(0);
  expect((await admin(["batch-jobs", "check-counts"])).stdout).toBe(
    "1 organization, 60 jobs: all counts are correct\n",
  );

  for (const mode of ["transaction", "session"]) {
    await test.step(`${mode} pooling`, async () => {
      const DATABASE_URL = bouncer.urlOf(mode);
      const PORT = String(await freePort());
      const baseURL = `http://localhost:${PORT}`;
      const running = workshop.start({ DATABASE_URL, PORT, NEXTAUTH_URL: baseURL, NEXTAUTH_SECRET: secret });
      await running.shows("Stop with Ctrl-C");
      const request = await playwright.request.newContext({ baseURL });
      await checkContract(new Organization("org_x", key, request));
      await checkPages(request, user);
      expect((await request.get("/health/ready")).status()).toBe(200);
      await checkLimits(new Organization("org_x", key, request), owner, name);
      await request.dispose();
      running.child.kill("SIGTERM");
      await running.ended;
      await checkSettings(DATABASE_URL);
      await checkSessionsOfOthers(DATABASE_URL);
    });
  }
  await owner.destroy();
  await bouncer.stop();
});

async function checkContract(org: Organization): Promise<void> {
  const newest = jobs.toReversed();
  expect(await org.list("&pageSize=100")).toEqual({ batchJobs: newest, total: 60, page: 1, pageSize: 100 });
  const runningIds = newest.filter(({ status }) => status === "running").map(({ id }) => id);
  expect(await org.ids("&status=running&pageSize=100")).toEqual(runningIds);
  const wrongKey = `${org.key.slice(0, -1)}${org.key.endsWith("0") ? 1 : 0}`;
  expect((await new Organization(org.id, wrongKey, org.request).get()).status()).toBe(401);
  expect((await new Organization(org.id, makeApiKey(), org.request).get()).status()).toBe(401);
  expect((await new Organization("org_y", org.key, org.request).get()).status()).toBe(403);
  expect((await org.get("&page=x")).status()).toBe(400);
  const walk = async () => (await Promise.all([1, 2, 3].map((page) => org.ids(`&page=${page}`)))).flat();
  for (const walked of await Promise.all(Array.from({ length: 20 }, walk))) {
    expect(walked).toEqual(newest.map(({ id }) => id));
  }
}

async function checkPages(request: APIRequestContext, user: { email: string; password: string }) {
  expect((await postSignIn(request, user)).status()).toBe(200);
  const page = await request.get("/jobs?organizationId=org_x");
  expect(page.status()).toBe(200);
  expect(await page.text()).toContain("Renewals 59");
}

/** A lock that somebody holds: answered in time, and no statement is left waiting in PostgreSQL. */
async function checkLimits(org: Organization, owner: Kysely<Database>, name: string): Promise<void> {
  await owner.transaction().execute(async (transaction) => {
    await sql`lock table batch_jobs`.execute(transaction);
    const started = Date.now();
    expect((await org.get()).status()).toBe(500);
    expect(Date.now() - started).toBeLessThan(5_000);
    const waiting = await sql`
      select query from pg_stat_activity where datname = ${name} and wait_event_type = 'Lock'
    `.execute(transaction);
    expect(waiting.rows).toEqual([]);
  });
  expect((await org.get()).status()).toBe(200);
}

/** What each statement of ours runs under, whatever the session has. */
async function checkSettings(databaseUrl: string): Promise<void> {
  const client = createClient({ databaseUrl, poolMax: 1, applicationName: "test" });
  expect(await currentSettings(client)).toEqual(relied);
  await client.transaction().execute(async (transaction) => {
    expect(await currentSettings(transaction)).toEqual(relied);
  });
  await client.destroy();
}

/** The sessions that PgBouncer hands to the next program are as the database's owner set them up. */
async function checkSessionsOfOthers(databaseUrl: string): Promise<void> {
  for (let session = 0; session < 5; session++) {
    const other = new pg.Client(databaseUrl);
    await other.connect();
    const { rows } = await other.query(
      `
      select name from pg_settings where setting <> reset_val and name = any($1)
      union all select name from pg_prepared_statements where name <> ''
      union all select 'advisory lock' from pg_locks
      where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
    `,
      [Object.keys(strange).concat("statement_timeout", "idle_in_transaction_session_timeout")],
    );
    expect(rows).toEqual([]);
    await other.end();
  }
}

test("errors of PgBouncer are shown at the start; an unreachable server is waited for", async ({
  workshop,
}) => {
  const direct = new URL(process.env.DATABASE_URL ?? "");
  const bouncer = await startPgBouncer(path.join(workshop.directory, "pgbouncer"), direct, {
    pooled: `dbname=${direct.pathname.slice(1)}`,
    away: "host=127.0.0.1 port=1",
  });
  const start = (DATABASE_URL: string, PORT: string) =>
    workshop.start({ DATABASE_URL, PORT, NEXTAUTH_URL: `http://localhost:${PORT}`, NEXTAUTH_SECRET: secret });
  for (const [url, words] of [
    [`${bouncer.urlOf("pooled")}?options=-c%20jit%3Doff`, "unsupported startup parameter: options"],
    [bouncer.urlOf("no_such"), "no such database: no_such"],
  ] as const) {
    const refused = start(url, String(await freePort()));
    expect(await refused.ended).toEqual({ status: 1, signal: null });
    expect(refused.stderr).toBe(`DATABASE_URL cannot be used: ${words}\n`);
  }
  const waiting = start(bouncer.urlOf("away"), String(await freePort()));
  await waiting.shows("Retrying until it does");
  await waiting.shows("Stop with Ctrl-C");
  await bouncer.stop();
});

test("TLS and Unix sockets", async ({ workshop }) => {
  const direct = new URL(process.env.DATABASE_URL ?? "");
  const directory = path.join(workshop.directory, "pgbouncer");
  const bouncer = await startPgBouncer(directory, direct, { pooled: `dbname=${direct.pathname.slice(1)}` });
  const { port, certificate } = bouncer;
  const person = `${direct.username}:${direct.password}`;
  const connect = async (databaseUrl: string) => {
    const client = createClient({ databaseUrl, poolMax: 1, applicationName: "test" });
    try {
      await sql`select 1`.execute(client);
      return "connected";
    } catch (error) {
      return (error as { code?: string }).code;
    } finally {
      await client.destroy();
    }
  };
  const warnings: Error[] = [];
  process.on("warning", (warning) => warnings.push(warning));
  const tls = (parameters: string) =>
    connect(`postgresql://${person}@localhost:${port}/pooled?${parameters}`);
  const outcomes: Record<string, string> = {
    "": "connected",
    "sslmode=disable": "connected",
    "sslmode=require": "DEPTH_ZERO_SELF_SIGNED_CERT",
    "sslmode=verify-full": "DEPTH_ZERO_SELF_SIGNED_CERT",
    "sslrootcert=system": "DEPTH_ZERO_SELF_SIGNED_CERT",
    "sslmode=no-verify": "connected",
    [`sslrootcert=${certificate}`]: "connected",
    [`sslmode=require&sslrootcert=${certificate}`]: "connected",
    [`sslmode=verify-ca&sslrootcert=${certificate}`]: "connected",
    [`sslmode=verify-full&sslrootcert=${certificate}`]: "connected",
  };
  for (const [parameters, outcome] of Object.entries(outcomes))
    expect(await tls(parameters), parameters).toBe(outcome);
  for (const address of [
    `postgresql://${person}@/pooled?host=${directory}&port=${port}`,
    `postgresql://${person}@/pooled?host=${directory}&port=${port}&sslmode=require`,
    `postgresql://${person}@${encodeURIComponent(directory)}:${port}/pooled`,
    `postgresql:///pooled?host=${directory}&port=${port}&user=${direct.username}&password=${direct.password}`,
  ]) {
    expect(await connect(address), address).toBe("connected");
  }
  expect(warnings).toEqual([]);
  const DATABASE_URL = `postgresql://${person}@localhost:${port}/pooled?sslmode=require`;
  const { stderr } = await workshop.admin({ DATABASE_URL }, ["organizations", "list"]);
  expect(stderr).toBe(
    "The server's certificate is not trusted (self-signed certificate). Add sslrootcert=FILE to the address, or sslmode=no-verify to connect without verifying the server\n",
  );
  await bouncer.stop();
});
