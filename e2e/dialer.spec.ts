import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { mergeTests } from "@playwright/test";
import { insertDialableJob, testDatabase } from "@/db/fixtures";
import { test as apiTest } from "./fixtures";
import { expect, test as processTest } from "./process";
import { addresses } from "./servers";

// The reference dialer, as a command.

const test = mergeTests(apiTest, processTest);
const dialer = [
  process.execPath,
  "--import",
  "tsx",
  path.resolve(import.meta.dirname, "../lib/cli/dialer.ts"),
];

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
  const id = await insertDialableJob(org.id, 3);
  const key = await org.keyWith("dial");
  const command = `${JSON.stringify(process.execPath)} -e '
    const call = JSON.parse(require("fs").readFileSync(0));
    const last = call.phoneNumber.at(-1);
    if (last === "2") process.exit(3);
    console.log(last === "3" ? "nothing" : JSON.stringify({ status: "completed", callDuration: call.attempt }));
  '`;
  const running = workshop.start({}, [
    ...[...dialer, "--url", addresses.main, "--api-key", key, "--name", "spec"],
    ...["--command", command],
  ]);
  await expect
    .poll(() => statusesOf(id), { timeout: 30_000 })
    .toEqual([
      ["completed", null, 1],
      ["failed", "The command ended with status 3", null],
      ["failed", "The call’s result is not JSON", null],
    ]);
  running.child.kill("SIGTERM");
  await running.ended;
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
