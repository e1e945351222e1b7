import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { mergeTests } from "@playwright/test";
import { insertDialableJob, insertPhoneNumber, testDatabase } from "@/db/fixtures";
import { test as apiTest, type Organization } from "./fixtures";
import { expect, test as processTest, type Workshop } from "./process";
import { addresses } from "./servers";

// The examples of /docs, each run as it is shown there.

const test = mergeTests(apiTest, processTest);
const root = path.resolve(import.meta.dirname, "..");
const folder = path.join(root, "app/docs/examples");

/** Runs an example. @returns what it writes. */
type Run = (org: Organization, name: string, ...given: string[]) => Promise<string>;

/** Runs a command to its end, which must be a good one. @returns what it writes. */
async function run(workshop: Workshop, variables: Record<string, string>, command: string[], cwd: string) {
  const running = workshop.start(variables, command, cwd);
  running.child.stdin?.end();
  const { status } = await running.ended;
  expect(status, command.join(" ") + running.stdout + running.stderr).toBe(0);
  return running.stdout;
}

/** @param commandOf of an example, which is run in `cwd`. */
function runner(workshop: Workshop, cwd: string, commandOf: (name: string) => string[]): Run {
  return async (org, name, ...given) => {
    const variables = {
      BATCH_JOBS_URL: addresses.main,
      BATCH_JOBS_API_KEY: await org.keyWith("read", "manage", "dial"),
      BATCH_JOBS_ORGANIZATION_ID: org.id,
      PYTHONDONTWRITEBYTECODE: "1",
    };
    return run(workshop, variables, [...commandOf(name), ...given], cwd);
  };
}

/** Runs all examples, and checks what they do. */
async function tryExamples(makeOrg: () => Promise<Organization>, run: Run): Promise<void> {
  await test.step("lists last month's failed jobs", async () => {
    const org = await makeOrg();
    const now = new Date();
    const inMonth = (months: number, day: number) =>
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, day));
    const failed = (at: Date) => ({ status: "failed" as const, completed_at: at });
    // More than a page.
    const wanted = await org.add(...Array.from({ length: 103 }, () => failed(inMonth(-1, 1))));
    wanted.push(...(await org.add(failed(new Date(inMonth(0, 1).getTime() - 1_000)))));
    const others = await org.add(failed(inMonth(0, 1)), failed(new Date(inMonth(-1, 1).getTime() - 1_000)), {
      status: "completed",
      completed_at: inMonth(-1, 2),
    });
    const output = await run(org, "list-failed-jobs");
    expect(wanted.filter((id) => !output.includes(id))).toEqual([]);
    expect(others.filter((id) => output.includes(id))).toEqual([]);
  });

  await test.step("creates a job", async () => {
    const org = await makeOrg();
    await insertPhoneNumber(org.id, { id: "phone_ghi789" });
    const output = await run(org, "create-job");
    const { batchJobs } = await org.list();
    expect(batchJobs).toMatchObject([
      { name: "January Renewal Campaign", status: "scheduled", scheduledStartTime: "2030-02-28T14:00:00Z" },
    ]);
    expect(output).toContain(batchJobs[0]?.id);
  });

  await test.step("creates a job from a CSV file", async () => {
    const org = await makeOrg();
    await insertPhoneNumber(org.id, { id: "phone_ghi789" });
    const output = await run(org, "create-job-from-csv");
    const { batchJobs } = await org.list();
    expect(batchJobs).toMatchObject([
      { totalContacts: 1, status: "scheduled", scheduledStartTime: "2030-02-28T14:00:00Z" },
    ]);
    expect(output).toContain(batchJobs[0]?.id);
    expect(output, "no row was skipped").toContain("[]");
  });

  await test.step("follows changes", async () => {
    const org = await makeOrg();
    const ids = await org.add(...Array.from({ length: 101 }, () => ({ name: "Old" })));
    const first = await run(org, "follow-changes");
    expect(ids.filter((id) => !first.includes(id))).toEqual([]);
    const id = `${ids[7]}`;
    await testDatabase.updateTable("batch_jobs").set({ name: "New" }).where("id", "=", id).execute();
    expect(await run(org, "follow-changes")).toContain(`${id} New`);
    // As soon as no transaction of before is open any more, in other tests either.
    await expect.poll(() => run(org, "follow-changes")).toBe("");
  });

  await test.step("starts and cancels a job", async () => {
    const org = await makeOrg();
    const id = await insertDialableJob(org.id, 2);
    await run(org, "start-and-cancel", id);
    const { batchJobs } = await org.list();
    expect(batchJobs).toMatchObject([{ id, status: "cancelled", actualStartTime: expect.any(String) }]);
  });

  await test.step("makes a call", async () => {
    const org = await makeOrg();
    const id = await insertDialableJob(org.id, 1);
    expect(await run(org, "dial")).toMatch(/^Call \+1202\d+ here\.$/m);
    const contact = testDatabase.selectFrom("batch_contacts").where("batch_job_id", "=", id);
    expect(await contact.select(["status", "call_duration"]).execute()).toEqual([
      { status: "completed", call_duration: 42 },
    ]);
    await run(org, "dial");
  });
}

test("with curl", async ({ makeOrg, workshop }) => {
  const command = (name: string) => ["sh", path.join(folder, `${name}.sh`)];
  await tryExamples(makeOrg, runner(workshop, workshop.directory, command));
});

test("with Python", async ({ makeOrg, workshop }) => {
  // Debian's, which has its packages.
  const python = (name: string) => ["/usr/bin/python3", path.join(folder, `${name}.py`)];
  await tryExamples(makeOrg, runner(workshop, workshop.directory, python));
});

test("with TypeScript: the client's package, installed in an empty folder", async ({ makeOrg, workshop }) => {
  const project = path.join(workshop.directory, "project");
  await mkdir(project);
  const npm = (...words: string[]) => run(workshop, {}, ["npm", ...words], root);
  const packages = ["openapi-fetch", "openapi-typescript-helpers"].map((name) => `./node_modules/${name}`);
  const pack = ["pack", "--pack-destination", workshop.directory];
  const packed = await npm(...pack, "-w", "batch-jobs-client", "--silent");
  // What it depends on, without asking a registry.
  const others = await npm(...pack, "--ignore-scripts", "--silent", ...packages);
  const archives = [...packed.trim().split("\n").slice(-1), ...others.trim().split("\n")];
  await writeFile(path.join(project, "package.json"), '{ "type": "module" }');
  const words = ["install", "--offline", "--no-audit", "--no-fund"];
  await run(workshop, {}, ["npm", ...words, ...archives.map((name) => `../${name}`)], project);

  const files = await readdir(folder);
  const names = files.filter((file) => file.endsWith(".ts")).map((file) => path.basename(file, ".ts"));
  for (const name of names) {
    const text = await readFile(path.join(folder, `${name}.ts`), "utf8");
    await writeFile(path.join(project, `${name}.ts`), text);
    // They have no types that Node.js 20 would stumble over.
    await writeFile(path.join(project, `${name}.js`), text);
  }
  const types = ["--noEmit", "--strict", "--module", "nodenext", "--types", "node"];
  const typeRoots = ["--typeRoots", path.join(root, "node_modules/@types")];
  const tsc = path.join(root, "node_modules/.bin/tsc");
  await run(workshop, {}, [tsc, ...types, ...typeRoots, ...names.map((name) => `${name}.ts`)], project);
  await tryExamples(
    makeOrg,
    runner(workshop, project, (name) => [process.execPath, `${name}.js`]),
  );
});
