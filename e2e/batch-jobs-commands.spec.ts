import { mergeTests } from "@playwright/test";
import { sql } from "kysely";
import { insertDialableJob, insertPhoneNumber, testDatabase } from "@/db/fixtures";
import { BatchJobDetail } from "@/lib/batch-jobs/schema";
import { expect, test as withOrganizations } from "./fixtures";
import { test as withWorkshop } from "./process";

// The commands for phone numbers and for jobs with contacts.

const test = mergeTests(withOrganizations, withWorkshop);
const DATABASE_URL = process.env.DATABASE_URL;

test("phone numbers are added, listed and removed", async ({ org, workshop }) => {
  const run = async (verb: string, ...words: string[]) =>
    workshop.admin({ DATABASE_URL }, ["phone-numbers", verb, "--organization", org.id, ...words]);
  const create = ["create", "--id", "phone_x", "--number", "+1 202-555-0100"] as const;
  expect(await run(...create, "--agent", "agent_x")).toMatchObject({ status: 0, stdout: "phone_x\n" });
  expect(await run(...create)).toMatchObject({ status: 1, stderr: "Phone number phone_x already exists\n" });
  expect((await run("list")).stdout).toMatch(
    /^id\tnumber\tagent\tlabel\tcreated\nphone_x\t\+12025550100\tagent_x\t\t20.*Z\n$/,
  );
  expect(await run("remove", "--id", "phone_x")).toMatchObject({ status: 0, stderr: "" });
  expect(await run("create", "--id", "a b", "--number", "+12345")).toMatchObject({
    status: 1,
    stderr:
      "--id must be 1 to 128 characters of A-Z a-z 0-9 _ -\n--number must be a phone number in E.164, like +12025550100\n",
  });
  expect(await run("set-limit", "--limit", "12")).toMatchObject({ status: 0, stderr: "" });
  const limit = testDatabase.selectFrom("organization_calling").where("organization_id", "=", org.id);
  expect(await limit.select("concurrent_call_limit").execute()).toEqual([{ concurrent_call_limit: 12 }]);
});

test("a job is created from CSV, listed, shown, rescheduled, started and cancelled; rows that can't be called are reported", async ({
  org,
  workshop,
}) => {
  const phone = await insertPhoneNumber(org.id);
  const run = async (verb: string, words: string[], input?: string) =>
    workshop.admin({ DATABASE_URL }, ["batch-jobs", verb, "--organization", org.id, ...words], input);
  const csv =
    '\ufeffName;PHONE;Note\r\nAna;+12025550101;"two\r\nlines"\r\n;;\r\nBo;1.2E+10;\r\nCy;001 202.555-0101;\r\nDi;+44 20/7946 0000\r\n';
  const created = await run(
    "create",
    ["--from", phone, "--name", "Renewals", "--contacts", "-", "--max-attempts", "2"],
    csv,
  );
  expect(created.stderr.split("\n")).toEqual([
    'row 4: Invalid phone number format: "1.2E+10", as a spreadsheet shortens numbers: format the column as text',
    "row 5: +12025550101 is a duplicate of an earlier row",
    "Skipped 2 rows",
    "Batch job created with 2 contacts",
    "",
  ]);
  expect(created.status).toBe(0);
  const id = created.stdout.trim();
  const shown = BatchJobDetail.parse(JSON.parse((await run("show", ["--id", id])).stdout));
  expect(shown).toMatchObject({ name: "Renewals", status: "pending", totalContacts: 2 });
  expect(shown.retryPolicy.maxAttempts).toBe(2);
  expect(shown.contacts.map(({ contactData }) => contactData)).toEqual([
    { name: "Ana", phone: "+12025550101", Note: "two\r\nlines" },
    { name: "Di", phone: "+442079460000", Note: "" },
  ]);
  const when = ["--start", "2035-03-01T10:00:00", "--time-zone", "America/New_York"];
  expect((await run("reschedule", ["--id", id, ...when])).stdout).toBe(
    "Scheduled for 2035-03-01T15:00:00Z\n",
  );
  expect((await run("start", ["--id", id])).stdout).toBe("Started: 2 contacts can be called now\n");
  const [other = ""] = await org.add({ name: "Other", total_contacts: 3 });
  const list = async (...words: string[]) => (await run("list", words)).stdout.trim().split("\n");
  const header = "id\tstatus\tprogress\tname";
  const rows = [`${other}\tcompleted\t0 of 3\tOther`, `${id}\trunning\t0 of 2\tRenewals`];
  const filters = [[], ["--status", "running", "--q", "renew"], ["--q", other]];
  const [all = [], ...found] = await Promise.all(filters.map((words) => list(...words)));
  expect(all.sort()).toEqual([header, ...rows].sort());
  expect(found).toEqual([
    [header, rows[1]],
    [header, rows[0]],
  ]);
  await testDatabase
    .updateTable("batch_contacts")
    .set({ status: "dialing" })
    .where("batch_job_id", "=", id)
    .where("position", "=", 1)
    .execute();
  expect((await run("cancel", ["--id", id])).stdout).toBe(
    "Cancelled: 1 contact will not be called; 1 call under way will end normally\n",
  );
  expect(await run("cancel", ["--id", id])).toMatchObject({
    status: 1,
    stderr: "Cannot cancel job in 'cancelled' status\n",
  });
});

for (const { input, stderr } of [
  {
    input: "name,email\nAna,a@example.com\n",
    stderr: "CSV must have 'phone' column. Found columns: ['name', 'email']\n",
  },
  { input: 'phone\n"+1', stderr: /^The CSV can't be read in row 2, column 1: / },
  { input: "phone\n", stderr: "The CSV has no phone number that can be called: it has no rows\n" },
  { input: '[{"phone": "+12345"}]', stderr: /^Invalid phone number format: \+12345; contacts\[0\]\.phone/ },
  { input: '{"contacts": 5}', stderr: "--contacts must be an array of objects, each with a phone\n" },
  { input: "[{]", stderr: /^The body is not valid JSON/ },
]) {
  test(`contacts like ${JSON.stringify(input)} are refused`, async ({ org, workshop }) => {
    const phone = await insertPhoneNumber(org.id);
    const words = ["--organization", org.id, "--from", phone, "--name", "x", "--contacts", "-"];
    const refused = await workshop.admin({ DATABASE_URL }, ["batch-jobs", "create", ...words], input);
    expect(refused.status).toBe(1);
    if (typeof stderr === "string") expect(refused.stderr).toBe(stderr);
    else expect(refused.stderr).toMatch(stderr);
    expect(await org.ids()).toEqual([]);
  });
}

test("options are checked before contacts are read; a mistyped command gets a suggestion", async ({
  org,
  workshop,
}) => {
  const phone = await insertPhoneNumber(org.id);
  const csv = "phone\n12\n+12025550101\n";
  const create = ["create", "--name", "x", "--contacts", "-", "--organization"];
  const refusals = [
    [
      [...create, org.id, "--from", phone, "--max-attempts", "11"],
      "--max-attempts must be a whole number from 1 to 10\n",
    ],
    [[...create, org.id, "--from", phone, "--start", "soon"], "--start: Invalid datetime format."],
    [
      [...create, org.id, "--from", phone, "--time-zone", "Berlin"],
      "--time-zone: Invalid timezone 'Berlin'\n",
    ],
    [[...create, org.id, "--from", "phone_none"], "Phone number phone_none not found\n"],
    [[...create, "org_none", "--from", phone], `/${DATABASE_URL?.split("/").at(-1)}`],
    [
      ["reschedule", "--organization", org.id, "--id", "x", "--start", ""],
      "--start: Invalid datetime format.",
    ],
    [["lst"], "Did you mean list?"],
    [["list", "--organization", org.id, "--status", "runing"], 'Invalid status: "runing" is not one of'],
  ] as const;
  const all = refusals.map(async ([words, stderr]) => {
    const refused = await workshop.admin({ DATABASE_URL }, ["batch-jobs", ...words], csv);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining(stderr) });
    expect(refused.stderr, "no rows are reported").not.toContain("row");
  });
  await Promise.all(all);
  expect(await org.ids()).toEqual([]);
});

test("check-contacts finds wrong counters, and repairs them", async ({ org, workshop }) => {
  const id = await insertDialableJob(org.id, 3, { status: "running", successful_calls: 0 });
  const right = await insertDialableJob(org.id, 2);
  await testDatabase
    .updateTable("batch_contacts")
    .set({ status: sql`case position when 3 then 'failed' else 'completed' end` })
    .where("organization_id", "=", org.id)
    .where("batch_job_id", "=", id)
    .execute();
  const check = (...more: string[]) =>
    workshop.admin({ DATABASE_URL }, ["batch-jobs", "check-contacts", "--organization", org.id, ...more]);
  const problem = `${org.id} ${id}: successful is 0, should be 2; failed is 0, should be 1; is running, should be completed\n`;
  expect(await check()).toMatchObject({ status: 1, stderr: problem, stdout: "2 jobs: wrong in 1\n" });
  expect(await check("--repair")).toMatchObject({ status: 0, stdout: "2 jobs: wrong in 1, repaired\n" });
  expect(await check()).toMatchObject({
    status: 0,
    stderr: "",
    stdout: "2 jobs: all counters are correct\n",
  });
  const { batchJobs } = await org.list();
  expect(batchJobs.find((job) => job.id === id)).toMatchObject({
    status: "completed",
    contactsProcessed: 3,
    successfulCalls: 2,
    failedCalls: 1,
  });
  expect(batchJobs.find((job) => job.id === right)?.status).toBe("pending");
});

test("an import keeps status, counts and times of a job whose contacts are here, and says so", async ({
  org,
  workshop,
}) => {
  const id = await insertDialableJob(org.id, 3, { status: "running" });
  const [before] = (await org.list()).batchJobs;
  const imported = {
    ...before,
    name: "Renamed",
    status: "completed",
    contactsProcessed: 3,
    successfulCalls: 3,
  };
  const run = (job: object) =>
    workshop.admin(
      { DATABASE_URL },
      ["batch-jobs", "import", "--organization", org.id, "-"],
      JSON.stringify(job),
    );
  expect(await run(imported)).toMatchObject({
    status: 0,
    stdout: "inserted 0, updated 1, unchanged 0, refused 0\n",
    stderr: "Kept status, counts and times of 1 job, because this server has the contacts\n",
  });
  expect((await org.list()).batchJobs).toEqual([{ ...before, id, name: "Renamed" }]);
  expect(await run({ ...before, name: "Renamed" })).toMatchObject({
    stdout: "inserted 0, updated 0, unchanged 1, refused 0\n",
    stderr: "",
  });
});
