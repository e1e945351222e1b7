import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { mergeTests } from "@playwright/test";
import { insertDialableJob, setConcurrentCallLimit, testDatabase } from "@/db/fixtures";
import { makeApiKey } from "./api-key";
import { test as apiTest } from "./fixtures";
import { expect, freePort, test as processTest } from "./process";
import { addresses } from "./servers";

// The reference dialer, as a command.

const test = mergeTests(apiTest, processTest);
const dialer = [process.execPath, path.resolve(import.meta.dirname, "../lib/cli/run.mjs"), "dialer"];

/** The contacts of a job, by what became of them. */
const statusesOf = async (batchJobId: string) =>
  (
    await testDatabase
      .selectFrom("batch_contacts")
      .where("batch_job_id", "=", batchJobId)
      .orderBy("position")
      .select(["status", "failure_reason", "call_duration"])
      .execute()
  ).map((contact) => Object.values(contact));

test("makes up calls until it is stopped, and then finishes those under way", async ({ org, workshop }) => {
  const id = await insertDialableJob(org.id, 40);
  const variables = { BATCH_JOBS_URL: addresses.main, BATCH_JOBS_API_KEY: await org.keyWith("dial") };
  const running = workshop.start(variables, [...dialer, "--simulate", "100", "--concurrency", "4"]);
  await running.shows(/call_\w+ completed/);
  running.child.kill("SIGINT");
  expect(await running.ended).toEqual({ status: 0, signal: null });
  const statuses = (await statusesOf(id)).map(([status]) => status);
  expect(statuses.length).toBe(40);
  expect(statuses).toContain("completed");
  expect(statuses).not.toContain("queued");
  expect(statuses, "no call is left behind").not.toContain("dialing");
  expect(running.stdout + running.stderr, "contacts are not in its log").not.toContain("+1202");
});

test("makes calls by a command, which gets the call and writes how it ended", async ({ org, workshop }) => {
  // What each command writes, by the last digit of its number, and what becomes of the contact.
  const refused = (detail: string) => [
    "failed",
    expect.stringContaining(`The report was refused: ${detail}`),
    null,
  ];
  const written = [
    ['echo \'{"status": "completed", "callDuration": 7}\'', ["completed", null, 7]],
    ["exit 3", ["failed", "The command ended with status 3", null]],
    ["kill -KILL $$", ["failed", "The command ended with SIGKILL", null]],
    ["echo nothing", refused("The body is not valid JSON")],
    ["true", refused("The body is not valid JSON")],
    ["echo null", refused("The body must be a JSON object")],
    ["echo 42", refused("The body must be a JSON object")],
    ['echo \'{"status": "answered"}\'', refused("status must be")],
    ['echo \'{"status": "not_dialed"}\'', refused("This call was allowed to be dialed")],
    // Ctrl-C must not end it.
    ['sleep 2; echo \'{"status": "busy", "callDuration": 9}\'', ["busy", null, 9]],
  ] as const;
  const id = await insertDialableJob(org.id, written.length, { concurrent_call_limit: 50 });
  await setConcurrentCallLimit(org.id, 50);
  const key = await org.keyWith("dial");
  const numberOf = (at: number) => `+1202${String(at + 1).padStart(7, "0")}`;
  const cases = written.map(([script], at) => `*'"phoneNumber":"${numberOf(at)}"'*) ${script};;`);
  const command = `read -r call; case $call in ${cases.join("\n")} esac`;
  const words = ["--url", addresses.main, "--api-key", key, "--name", "spec", "--concurrency", "20"];
  // In a process group of its own, which Ctrl-C in a terminal signals as a whole.
  const running = workshop.start({}, ["setsid", ...dialer, ...words, "--command", command]);
  const isOver = ([status]: unknown[]) => status === "completed" || status === "failed";
  await expect
    .poll(async () => (await statusesOf(id)).filter(isOver).length, { timeout: 30_000 })
    .toBe(written.length - 1);
  process.kill(-(running.child.pid ?? 0), "SIGINT");
  expect(await running.ended).toEqual({ status: 0, signal: null });
  expect(await statusesOf(id)).toEqual(written.map(([, contact]) => contact));
});

test("makes calls by a web service, and survives its failures", async ({ org, workshop }) => {
  const id = await insertDialableJob(org.id, 2);
  const service = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => {
      body += piece;
    });
    request.on("end", () => {
      const { phoneNumber } = JSON.parse(body);
      response.statusCode = phoneNumber.endsWith("1") ? 200 : 503;
      response.end(JSON.stringify({ status: "blocked" }));
    });
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  const callUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}/call`;
  const variables = { BATCH_JOBS_URL: addresses.main, BATCH_JOBS_API_KEY: await org.keyWith("dial") };
  const running = workshop.start(variables, [...dialer, "--call-url", callUrl]);
  await expect
    .poll(() => statusesOf(id), { timeout: 30_000 })
    .toEqual([
      ["blocked", null, null],
      ["failed", "The service answered with status 503", null],
    ]);
  running.child.kill("SIGTERM");
  await running.ended;
  service.close();
});

test("extends a lease by one request at a time, however long it takes; reports an error without a message by its code", async ({
  workshop,
}) => {
  const script = `
    import("./lib/dialer/dialer.ts").then(async ({ runDialer }) => {
      const stop = new AbortController();
      let asked = 0;
      const answer = (path, body) => {
        if (path.endsWith("/claim")) return { calls: asked ? [] : [{ callId: "call_1" }], nextPollSeconds: 30 };
        if (path.endsWith("/result")) {
          console.log(body.failureReason);
          return { contact: { status: "failed" } };
        }
        // The first permits to dial, the second is never answered.
        return ++asked === 1 ? {} : new Promise(() => {});
      };
      const client = { post: async (path, body) => answer(path, body) };
      const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      const makeCall = async () => {
        await wait(500);
        stop.abort();
        throw Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
      };
      const options = { name: "a", concurrency: 2, leaseSeconds: 0.03, makeCall, log: console.log };
      await runDialer(client, options, stop.signal);
      console.log("asked " + asked);
      process.exit();
    });
  `;
  const running = workshop.start({}, [process.execPath, "--import", "tsx", "-e", script]);
  await running.ended;
  expect(running.stdout + running.stderr).toBe("ECONNREFUSED\ncall_1 failed\nasked 2\n");
});

test("of the demo's running jobs, one is cancelled or failed at a time, over HTTP", async ({
  org,
  workshop,
}) => {
  const made = {
    agent_id: "agent_simulated",
    status: "running",
    contacts_processed: 1,
    failed_calls: 1,
  } as const;
  const ids = await Promise.all(Array.from({ length: 8 }, () => insertDialableJob(org.id, 2, made)));
  const script = `
    const load = (...files) => Promise.all(files.map((file) => import("./lib/" + file)));
    load("cli/open-database.ts", "access/operator.ts", "access/viewer.ts", "dialer/client.ts", "demo/run-demo.ts").then(
      async ([{ openDatabase }, { Operator }, { Viewer }, { Client }, { endJobEarly }]) => {
        const database = await openDatabase("test");
        const viewer = await Viewer.fromOperator(Operator.atCommandLine(), process.env.ORGANIZATION);
        const client = new Client("${addresses.main}", process.env.BATCH_JOBS_API_KEY);
        for (let at = 0; at < ${ids.length}; at++) await endJobEarly(viewer, client, AbortSignal.timeout(10_000));
        await database.close();
      },
    );
  `;
  const variables = {
    DATABASE_URL: process.env.DATABASE_URL,
    ORGANIZATION: org.id,
    BATCH_JOBS_API_KEY: await org.keyWith("dial", "manage"),
  };
  const running = workshop.start(variables, [process.execPath, "--import", "tsx", "-e", script]);
  expect(await running.ended, running.stderr).toEqual({ status: 0, signal: null });
  const ended = await org.list("&status=cancelled,failed");
  expect(ended.batchJobs.map(({ id }) => id).sort()).toEqual(ids.sort());
});

test("ends at once without an API key, or with what can't be an address", async ({ workshop }) => {
  const key = "Set BATCH_JOBS_API_KEY to an API key that has the scope dial.\n";
  const address = "It must be an address that begins with http:// or https://.";
  const DATA_DIR = path.join(workshop.directory, "data");
  const demo = path.join(workshop.directory, "demo");
  await mkdir(demo);
  const secrets = { databasePassword: "", nextAuthSecret: "", demoApiKey: makeApiKey(), demoPassword: "" };
  await writeFile(path.join(demo, "secrets.json"), JSON.stringify(secrets));
  const ofServer = { BATCH_JOBS_URL: addresses.main, BATCH_JOBS_API_KEY: "", DATA_DIR };
  const cases: [variables: Record<string, string>, words: string[], problem: string][] = [
    [{ ...ofServer, DATA_DIR: demo, DEMO: "off" }, [], key],
    // Nothing was ever started here.
    [ofServer, [], key],
    // The server does not have the demo that was started here.
    [{ ...ofServer, DATA_DIR: demo }, [], key],
    [
      { BATCH_JOBS_URL: "localhost:4710", BATCH_JOBS_API_KEY: "x" },
      [],
      `option '--url <url>' value 'localhost:4710' from env 'BATCH_JOBS_URL' is invalid. ${address}`,
    ],
    [
      {},
      ["--call-url", "localhost/call"],
      `'--call-url <url>' argument 'localhost/call' is invalid. ${address}`,
    ],
  ];
  await Promise.all(
    cases.map(async ([variables, words, problem]) => {
      const running = workshop.start(variables, [...dialer, "--simulate", ...words]);
      expect(await running.ended, problem).toEqual({ status: 1, signal: null });
      expect(running.stderr).toContain(problem);
    }),
  );
  expect(existsSync(DATA_DIR), "it makes no secrets").toBe(false);
});

test("says once that it can't reach the server at PORT, why and what to set, and once that it can again", async ({
  workshop,
}) => {
  const port = await freePort();
  const variables = { PORT: String(port), BATCH_JOBS_URL: "", BATCH_JOBS_API_KEY: "x" };
  const running = workshop.start(variables, [...dialer, "--simulate"]);
  const unreachable = `Can't reach Batch Jobs at http://127.0.0.1:${port} \\(ECONNREFUSED\\).*BATCH_JOBS_URL`;
  await running.shows(unreachable);
  let claims = 0;
  const server = createServer((_, response) => {
    // A second outage, of three requests.
    const isDown = ++claims >= 2 && claims <= 4;
    response.statusCode = isDown ? 404 : 200;
    response.end(isDown ? "<html>" : '{"calls": [], "nextPollSeconds": 0}');
  }).listen(port, "127.0.0.1");
  await expect.poll(() => claims, { timeout: 30_000 }).toBeGreaterThan(5);
  running.child.kill("SIGTERM");
  await running.ended;
  server.close();
  const lines = running.stdout.trim().split("\n");
  expect(lines.map((line) => line.replace(/^\S+ /, ""))).toEqual([
    expect.stringContaining(`Dialing for http://127.0.0.1:${port} as`),
    expect.stringMatching(unreachable),
    `Batch Jobs at http://127.0.0.1:${port} is reachable again`,
    expect.stringContaining(`:${port} (status 404, but the response is not JSON). Retrying`),
    `Batch Jobs at http://127.0.0.1:${port} is reachable again`,
  ]);
});

test("says why it cannot start", async ({ org, workshop }) => {
  const variables = { BATCH_JOBS_URL: addresses.main, BATCH_JOBS_API_KEY: org.key };
  const refused = [
    [["--simulate"], "This needs an API key with the scope dial; this key has read\n"],
    [[], "Give exactly one of --simulate, --command or --call-url. Run with --help for usage.\n"],
    [["--simulate", "--command", "x"], "Give exactly one of --simulate, --command or --call-url."],
    [["--simulate", "0"], "It must be a whole number from 1 to 1000."],
  ] as const;
  const all = refused.map(async ([words, message]) => {
    const running = workshop.start(variables, [...dialer, ...words]);
    expect(await running.ended, words.join(" ")).toEqual({ status: 1, signal: null });
    expect(running.stderr).toContain(message);
  });
  await Promise.all(all);
});
