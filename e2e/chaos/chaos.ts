import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { createClient } from "@/db/client";
import { insertContacts } from "@/db/fixtures";
import { fillDatabase, freePort, schemaVersion, startOwnPostgres } from "@/db/fixtures-postgres";
import type { Database } from "@/db/schema";
import { Client } from "@/lib/dialer/client";
import { makeApiKey } from "../api-key";
import { Running } from "../process";
import { secret } from "../servers";
import type { Answered } from "./dialer";
import { type Findings, verify } from "./verify";

export interface ChaosOptions {
  /** For the database. */
  directory: string;
  dialers: number;
  jobs: number;
  contactsPerJob: number;
  /** Of the organization's open calls. */
  limit: number;
  /** Until all jobs must have ended. */
  timeoutMs: number;
  report: (line: string) => void;
}

const organizationId = "org_chaos";
const node = [process.execPath, "--import", "tsx"];

/**
 * Lets dialers work through jobs while they are killed, come late and repeat requests, jobs are started and cancelled, and
 * PostgreSQL is stopped twice, under two instances of the server.
 */
export async function runChaos(options: ChaosOptions): Promise<Findings & { seconds: number }> {
  const { directory, report } = options;
  const port = await freePort();
  let postgres = await startOwnPostgres(directory, port);
  const { databaseUrl } = postgres;
  await fillDatabase(databaseUrl, schemaVersion, "select 1");
  const db = createClient({ databaseUrl, poolMax: 2, applicationName: "chaos", onIdleError: () => {} });
  const key = makeApiKey();
  await fill(db, key, options);
  const servers = await Promise.all([startServer(databaseUrl), startServer(databaseUrl)]);
  const urls = servers.map(({ url }) => url);
  const dialers = new Dialers(key, urls);
  const restart = async () => {
    report("PostgreSQL stops");
    await postgres.stop();
    await delay(500);
    postgres = await startOwnPostgres(directory, port);
  };
  try {
    for (let index = 0; index < options.dialers; index++) dialers.start();
    const startedMs = Date.now();
    await disturb(db, new Client(urls[0] ?? "", key), dialers, restart, options);
    const seconds = (Date.now() - startedMs) / 1_000;
    await dialers.end();
    return { ...(await verify(db, dialers.answered)), seconds };
  } finally {
    await dialers.end();
    for (const { running } of servers) running.child.kill("SIGTERM");
    await Promise.all(servers.map(({ running }) => running.ended));
    await db.destroy();
    await postgres.stop();
  }
}

/**
 * Half of the jobs are pending; of the others every second is due, and the rest have to be started. Every second job has
 * the phone numbers of the one before it.
 */
async function fill(
  db: Kysely<Database>,
  key: string,
  { jobs, contactsPerJob, limit }: ChaosOptions,
): Promise<void> {
  await db.insertInto("organizations").values({ id: organizationId, name: "Chaos" }).execute();
  await db
    .insertInto("organization_calling")
    .values({ organization_id: organizationId, concurrent_call_limit: limit })
    .execute();
  await db
    .insertInto("api_keys")
    .values({
      ...{ id: "key_chaos", organization_id: organizationId, name: "Chaos", scopes: ["manage", "dial"] },
      ...{
        key_hash: createHash("sha256").update(key).digest(),
        key_start: "tk_live_",
        key_last_four: "xxxx",
      },
    })
    .execute();
  for (let index = 0; index < jobs; index++) {
    const isScheduled = index % 2 === 1;
    const start = new Date(Math.floor(Date.now() / 1_000) * 1_000 + (index % 4 === 1 ? 2_000 : 3_600_000));
    await db
      .insertInto("batch_jobs")
      .values({
        ...{ organization_id: organizationId, id: `batch_${index}`, name: `Job ${index}`, agent_id: "agent" },
        ...{ from_phone_number_id: "phone", total_contacts: contactsPerJob, has_contacts: true },
        status: isScheduled ? "scheduled" : "pending",
        scheduled_start_time: isScheduled ? start : null,
        concurrent_call_limit: 2 + (index % 5) * 3,
      })
      .execute();
    const firstNumber = 1 + Math.floor(index / 2) * contactsPerJob;
    await insertContacts(organizationId, `batch_${index}`, contactsPerJob, { firstNumber, db });
  }
}

async function startServer(databaseUrl: string): Promise<{ url: string; running: Running }> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const running = new Running([process.execPath, "lib/cli/start.mjs"], {
    ...{ DATABASE_URL: databaseUrl, NEXTAUTH_URL: url, NEXTAUTH_SECRET: secret, PORT: String(port) },
  });
  await running.shows("Stop with Ctrl-C", 120_000);
  return { url, running };
}

/** The processes of dialers, and what they were answered. */
class Dialers {
  readonly answered: Answered[] = [];
  readonly #key: string;
  readonly #urls: string[];
  readonly #running = new Map<string, Running>();
  #started = 0;
  #isEnding = false;
  #failure: string | undefined;

  constructor(key: string, urls: string[]) {
    this.#key = key;
    this.#urls = urls;
  }

  start(): void {
    const name = `dialer ${++this.#started}`;
    const running = new Running([...node, "e2e/chaos/dialer.ts", name, this.#key, ...this.#urls], {});
    this.#running.set(name, running);
    running.ended.then(({ signal }) => {
      this.#running.delete(name);
      for (const line of running.stdout.split("\n")) {
        // The last line of one that was killed may not be whole.
        if (line.endsWith("}")) this.answered.push(JSON.parse(line));
      }
      if (signal === null && !this.#isEnding) this.#failure = running.stderr;
    });
  }

  /** Kills one that has begun to work, at any point of what it does. @returns its name. */
  kill(): string | undefined {
    const [name, running] = [...this.#running].find(([, { stdout }]) => stdout !== "") ?? [];
    running?.child.kill("SIGKILL");
    return name;
  }

  /** @throws Error when a dialer has ended by itself. */
  check(): void {
    if (this.#failure !== undefined) throw new Error(`A dialer has failed: ${this.#failure}`);
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    const all = [...this.#running.values()];
    for (const { child } of all) child.kill("SIGKILL");
    await Promise.all(all.map(({ ended }) => ended));
    // The listener of each has run by then.
    await delay(0);
  }
}

/** Ends when all jobs have, or in time. @throws Error when a dialer fails. */
async function disturb(
  db: Kysely<Database>,
  client: Client,
  dialers: Dialers,
  restart: () => Promise<void>,
  { jobs, contactsPerJob, timeoutMs, report }: ChaosOptions,
): Promise<void> {
  const all = jobs * contactsPerJob;
  const steps: [share: number, step: () => Promise<unknown>][] = [
    [0.1, () => post(client, "batch_3/start")],
    [0.2, restart],
    [0.3, () => post(client, "batch_0/cancel")],
    [0.4, () => startAll(client, jobs)],
    [0.5, restart],
  ];
  const deadline = Date.now() + timeoutMs;
  for (let round = 0; ; round++) {
    dialers.check();
    const { over, active } = await retried(() => progress(db));
    if (round % 20 === 0) report(`${over} of ${all} contacts are over, ${active} jobs are active`);
    // verify.ts then tells what has not ended.
    if (active === 0 || Date.now() > deadline) return;
    const [share, step] = steps[0] ?? [];
    if (step && over >= (share ?? 0) * all) {
      steps.shift();
      await step();
    }
    // In the end only calls that were forgotten, whose leases would take minutes.
    const isCalm = over > 0.9 * all;
    const forgotten = sql`claimed_at < clock_timestamp() - interval '4 seconds'`;
    await retried(() => endLeases(db, isCalm ? forgotten : sql`random() < 0.02`));
    if (!isCalm && round % 10 === 9) {
      const killed = dialers.kill();
      if (killed) {
        dialers.start();
        await retried(() => endLeases(db, sql`dialer = ${killed}`));
      }
    }
    await delay(250);
  }
}

/** A job may have ended before. */
const post = (client: Client, path: string) =>
  client.post(`/batch/jobs/${path}`, {}, { isRepeatable: true }).catch(({ code }) => {
    if (!["already_running", "invalid_status", "already_terminal"].includes(code)) throw new Error(code);
  });

async function startAll(client: Client, jobs: number): Promise<void> {
  for (let index = 0; index < jobs; index++) await post(client, `batch_${index}/start`);
}

/** The first connections after PostgreSQL was stopped fail, and those on a busy machine. */
async function retried<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await run();
    } catch (error) {
      if (tries === 10) throw error;
      await delay(100);
    }
  }
}

async function progress(db: Kysely<Database>): Promise<{ over: number; active: number }> {
  const { rows } = await sql<{ over: number; active: number }>`
    select
      (select count(*)::int from batch_contacts where completed_at is not null) as over,
      (select count(*)::int from batch_jobs where status in ('pending', 'scheduled', 'running')) as active
  `.execute(db);
  return rows[0] ?? { over: 0, active: 0 };
}

/** Ends the leases of open calls, as if their dialers had slept. */
async function endLeases(db: Kysely<Database>, which: ReturnType<typeof sql>): Promise<void> {
  await sql`update batch_calls set lease_until = clock_timestamp() where ended_at is null and ${which}`.execute(
    db,
  );
}
