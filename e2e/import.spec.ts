import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { mergeTests } from "@playwright/test";
import fc from "fast-check";
import { sql } from "kysely";
import { testDatabase, uniqueId } from "@/db/fixtures";
import { BatchJob, batchJobStatuses } from "@/lib/batch-jobs/schema";
import { expect, type Organization, test as withOrganizations } from "./fixtures";
import { type Workshop, test as withWorkshop } from "./process";

const test = mergeTests(withOrganizations, withWorkshop);
const DATABASE_URL = process.env.DATABASE_URL;

/** A valid job of the contract, with what matters to the test. */
function job(given: Partial<BatchJob> = {}): Omit<BatchJob, "organizationId"> & { organizationId?: string } {
  return {
    id: uniqueId("batch"),
    name: "Renewals",
    description: null,
    status: "running",
    agentId: "agent_1",
    fromPhoneNumberId: "phone_1",
    totalContacts: 10,
    contactsProcessed: 4,
    successfulCalls: 3,
    failedCalls: 1,
    scheduledStartTime: null,
    actualStartTime: "2025-02-28T14:00:05Z",
    completedAt: null,
    createdAt: "2025-02-28T10:30:00Z",
    concurrentCallLimit: 5,
    retryPolicy: { maxAttempts: 3, retryableStatuses: ["no_answer"] },
    ...given,
  };
}

const lines = (...rows: unknown[]) =>
  rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row))).join("\n");

test.describe("batch-jobs import takes the contract's own JSON", () => {
  const jobs = [job({ createdAt: "2025-01-02T00:00:00Z" }), job({ createdAt: "2025-01-01T00:00:00Z" })];
  const list = (batchJobs: unknown[]) => ({ batchJobs, total: 2, page: 1, pageSize: 20 });
  const shapes: Record<string, (rows: typeof jobs) => string> = {
    "one job a line": (rows) => lines(...rows),
    "one job a line, with empty lines, CRLF and a byte order mark": (rows) =>
      `\uFEFF${rows.map((row) => JSON.stringify(row)).join("\r\n\r\n")}\r\n`,
    "an array": (rows) => JSON.stringify(rows),
    "an array, pretty-printed": (rows) => JSON.stringify(rows, null, 2),
    "a list answer": (rows) => JSON.stringify(list(rows)),
    "a list answer, pretty-printed": (rows) => JSON.stringify(list(rows), null, 4),
    "list answers, one a line": (rows) => lines(...rows.map((row) => list([row]))),
    "list answers, pretty-printed, one after the other": (rows) =>
      rows.map((row) => JSON.stringify(list([row]), null, 2)).join("\n"),
    "an array of list answers, with the jobs last": (rows) =>
      JSON.stringify(rows.map((row) => ({ total: 2, batchJobs: [row] }))),
  };
  for (const [name, write] of Object.entries(shapes)) {
    test(name, async ({ org, workshop }) => {
      const rows = jobs.map((one) => ({ ...one, id: uniqueId("batch"), organizationId: org.id }));
      const { status, stdout, stderr } = await workshop.admin(
        { DATABASE_URL },
        ["batch-jobs", "import", "--organization", org.id, "-"],
        write(rows),
      );
      expect(stderr).toBe("");
      expect(stdout).toBe("inserted 2, updated 0, unchanged 0, refused 0\n");
      expect(status).toBe(0);
      expect((await org.list()).batchJobs).toEqual(rows);
    });
  }
});

async function importLines(workshop: Workshop, org: Organization, text: string | Buffer, ...flags: string[]) {
  return workshop.admin(
    { DATABASE_URL },
    ["batch-jobs", "import", "--organization", org.id, ...flags, "-"],
    text,
  );
}

test("importing a file again changes nothing; a changed job and its updated_at are updated", async ({
  org,
  workshop,
}) => {
  const [one, other] = [job(), job()];
  await importLines(workshop, org, lines(one, other));
  expect((await importLines(workshop, org, lines(one, other))).stdout).toBe(
    "inserted 0, updated 0, unchanged 2, refused 0\n",
  );
  const progressed = { ...one, contactsProcessed: 9, successfulCalls: 8, description: "nearly there" };
  expect((await importLines(workshop, org, lines(progressed, other, job()))).stdout).toBe(
    "inserted 1, updated 1, unchanged 1, refused 0\n",
  );
  expect((await org.list()).batchJobs.find(({ id }) => id === one.id)).toEqual({
    ...progressed,
    organizationId: org.id,
  });
});

test("times are truncated to seconds, and an exported list keeps its order when imported", async ({
  makeOrg,
  workshop,
}) => {
  const [org, other] = [await makeOrg(), await makeOrg()];
  const at = "2025-02-28T10:30:05";
  const fractions = [".999Z", ".001Z", "Z", ".5004Z", ".9999999Z"];
  const jobs = fractions.map((fraction) =>
    job({
      createdAt: at + fraction,
      scheduledStartTime: at + fraction,
      actualStartTime: at + fraction,
      completedAt: `9999-12-31T23:59:59${fraction}`,
    }),
  );
  expect((await importLines(workshop, org, lines(...jobs))).stderr).toBe("");
  const exported = (await org.list()).batchJobs;
  for (const one of exported) {
    expect(one).toMatchObject({
      createdAt: `${at}Z`,
      scheduledStartTime: `${at}Z`,
      actualStartTime: `${at}Z`,
      completedAt: "9999-12-31T23:59:59Z",
    });
  }
  expect(exported.map(({ id }) => id)).toEqual(
    jobs
      .map(({ id }) => id)
      .sort()
      .reverse(),
  );

  const copies = exported.map((one) => ({ ...one, id: `copy_${one.id}`, organizationId: other.id }));
  await importLines(workshop, other, JSON.stringify(copies.toReversed()));
  expect((await other.list()).batchJobs).toEqual(copies);
});

test("of a job that is twice in a file the last row counts", async ({ org, workshop }) => {
  const first = job();
  const { stdout } = await importLines(workshop, org, lines(first, { ...first, name: "Later" }));
  expect(stdout).toBe("inserted 1, updated 1, unchanged 0, refused 0\n");
  expect((await org.list()).batchJobs.map(({ name }) => name)).toEqual(["Later"]);
});

test.describe("a refused row is reported with its line, field and reason", () => {
  const { name: _name, ...nameless } = job();
  const rows: Record<string, { row: unknown; report: string }> = {
    "a missing member": { row: nameless, report: "line 2: name is missing" },
    "a missing status": {
      row: (({ status: _status, ...rest }) => rest)(job()),
      report: "line 2: status is missing",
    },
    "another status": {
      row: job({ status: "paused" as never }),
      report: "line 2: status is invalid: expected one of",
    },
    "a number as text": {
      row: { ...job(), totalContacts: "10" },
      report: "line 2: totalContacts is invalid: expected number, received string",
    },
    "a fraction": {
      row: job({ failedCalls: 0.5 }),
      report: "line 2: failedCalls is invalid: expected int, received number",
    },
    "a negative number": {
      row: job({ failedCalls: -1 }),
      report: "line 2: failedCalls is invalid: expected number to be >=0",
    },
    "a number beyond an integer": {
      row: job({ totalContacts: 2_147_483_648 }),
      report: "line 2: totalContacts is invalid: expected number to be <=2147483647",
    },
    "more processed than there are": {
      row: job({ contactsProcessed: 11 }),
      report: "line 2: contactsProcessed must not be more than totalContacts (10)",
    },
    "more outcomes than processed": {
      row: job({ failedCalls: 2 }),
      report: "line 2: successfulCalls and failedCalls together must not be more than contactsProcessed (4)",
    },
    "a time without a zone": {
      row: job({ createdAt: "2025-02-28T10:30:00" }),
      report: "line 2: createdAt must be an ISO 8601 time with its zone",
    },
    "an impossible date": {
      row: job({ completedAt: "2025-02-30T10:30:00Z" }),
      report: "line 2: completedAt must be an ISO 8601 time",
    },
    "an impossible limit": {
      row: job({ concurrentCallLimit: 51 }),
      report: "line 2: concurrentCallLimit is invalid: expected number to be <=50",
    },
    "a wrong member of the retry policy": {
      row: job({ retryPolicy: { maxAttempts: 0, retryableStatuses: [] } }),
      report: "line 2: retryPolicy.maxAttempts is invalid",
    },
    "a wrong retryable status": {
      row: job({ retryPolicy: { maxAttempts: 1, retryableStatuses: ["No answer"] } }),
      report: "line 2: retryPolicy.retryableStatuses.0 must be a word like no_answer",
    },
    "NUL in a text": {
      row: job({ name: "a\0b" }),
      report: "line 2: name must not contain control characters: it has U+0000",
    },
    "half a surrogate pair": {
      row: job({ name: "a\ud800b" }),
      report: "line 2: name must not contain broken Unicode",
    },
    "another organization": {
      row: { ...job(), organizationId: "org_elsewhere" },
      report: "line 2: organizationId is org_elsewhere, but the import is for",
    },
    "a time before 1970": {
      row: job({ createdAt: "1969-12-31T23:59:59Z" }),
      report: "line 2: createdAt must be",
    },
    "text that is no JSON": { row: "hello", report: "line 2: is not a JSON object" },
    "broken JSON": { row: '{"id":"a" "name":"b"}', report: "line 2: is not valid JSON at position 10" },
    "broken JSON with what may be a contact's": {
      row: '{"name":"Ana Canary","description":+12025550142}',
      report: "line 2: is not valid JSON\n",
    },
    "a row cut off": {
      row: '{"id":"a","name":"b',
      report: "line 2: is not valid JSON: it ends too early",
    },
    "a row of more than 1 MiB": {
      row: job({ description: "x".repeat(1_100_000) }),
      report: "line 2: is larger than 1 MiB",
    },
  };
  for (const [name, { row, report }] of Object.entries(rows)) {
    test(name, async ({ org, workshop }) => {
      const good = [job(), job()];
      const { status, stdout, stderr } = await importLines(workshop, org, lines(good[0], row, good[1]));
      expect(stderr).toContain(report);
      expect(stderr.trim().split("\n"), "one line and no more").toHaveLength(1);
      expect(stdout).toBe("inserted 2, updated 0, unchanged 0, refused 1\n");
      expect(status).toBe(1);
      expect((await org.list()).total, "the good rows went in").toBe(2);
    });
  }

  test("a job with the id of another organization's job is a separate job", async ({ makeOrg, workshop }) => {
    const [org, other] = [await makeOrg(), await makeOrg()];
    const [id = ""] = await other.add({ name: "Theirs" });
    const { status, stderr, stdout } = await importLines(
      workshop,
      org,
      lines(job(), job({ id, name: "Ours now" })),
    );
    expect(stderr).toBe("");
    expect(stdout).toBe("inserted 2, updated 0, unchanged 0, refused 0\n");
    expect(status).toBe(0);
    expect((await org.list("&pageSize=100")).batchJobs.find((one) => one.id === id)?.name).toBe("Ours now");
    expect((await other.list()).batchJobs.map(({ name }) => name)).toEqual(["Theirs"]);
  });

  test("every invalid field of a row, and every invalid row", async ({ org, workshop }) => {
    const { stderr, stdout } = await importLines(
      workshop,
      org,
      lines(job({ name: "", agentId: "" }), "x", job({ id: "a b" }), job()),
    );
    expect(stderr).toBe(
      "line 1: name must have 1 to 200 characters\nline 1: agentId must have 1 to 128 characters\nline 2: is not a JSON object\nline 3: id must be 1 to 128 characters of A-Z a-z 0-9 _ -\n",
    );
    expect(stdout).toBe("inserted 1, updated 0, unchanged 0, refused 3\n");
  });

  test("in a pretty-printed list, the line of its brace; and the end of a file that was cut off", async ({
    org,
    workshop,
  }) => {
    const text = JSON.stringify([job(), job({ name: "" })], null, 2);
    expect((await importLines(workshop, org, text)).stderr).toContain(
      `line ${text.split("\n").lastIndexOf("  {") + 1}: name must`,
    );
    const cut = lines("[", `${JSON.stringify(job())},`);
    const { stderr, status } = await importLines(workshop, org, cut);
    expect(stderr).toContain("ends before the list does: the file may be truncated");
    expect(status).toBe(1);
  });
});

test("a byte that is not UTF-8 affects only its own row", async ({ org, workshop }) => {
  const rows = [job(), job({ name: "caf\u00e9" }), job({ name: "caf\u00e9" })].map(
    (row) => `${JSON.stringify(row)}\n`,
  );
  const bytes = Buffer.concat([
    Buffer.from(rows[0] ?? ""),
    Buffer.from(rows[1] ?? "", "latin1"),
    Buffer.from(rows[2] ?? ""),
  ]);
  const { stderr, stdout } = await importLines(workshop, org, bytes);
  expect(stderr).toBe("line 2: is not UTF-8 text\n");
  expect(stdout).toBe("inserted 2, updated 0, unchanged 0, refused 1\n");
  expect((await org.list()).batchJobs.map(({ name }) => name).sort()).toEqual(["Renewals", "caf\u00e9"]);
});

test("a first row without its closing brackets affects no other row of a long list", async ({
  org,
  workshop,
}) => {
  const rows = Array.from({ length: 3_000 }, () => JSON.stringify(job()));
  const first = (rows[0] ?? "").replace(/\]\}\}$/, "");
  const { stdout, status } = await importLines(
    workshop,
    org,
    `[\n${[first, ...rows.slice(1)].join(",\n")}\n]\n`,
  );
  expect(stdout).toBe("inserted 2999, updated 0, unchanged 0, refused 1\n");
  expect(status).toBe(1);
});

test("thousands of unclosed rows are thousands of errors, in linear time", async ({ org, workshop }) => {
  const { stdout } = await importLines(workshop, org, '{"a":[\n'.repeat(40_000));
  expect(stdout).toBe("inserted 0, updated 0, unchanged 0, refused 40000\n");
});

for (const [name, text, report] of [
  ["nothing", "", "line 1: is empty: there is nothing to import\n"],
  ["empty lines", "\n \n", "line 1: is empty: there is nothing to import\n"],
  [
    "an error response",
    '{"detail":"This API key is not valid","code":"invalid_api_key"}',
    "line 1: is an error response, not a job: This API key is not valid\n",
  ],
] as const) {
  test(`${name} is no import`, async ({ org, workshop }) => {
    const { status, stderr } = await importLines(workshop, org, text);
    expect(stderr).toBe(report);
    expect(status).toBe(1);
  });
}

test("an empty list imports nothing", async ({ org, workshop }) => {
  for (const text of ["[]", '{"batchJobs":[],"total":0,"page":1,"pageSize":20}']) {
    expect((await importLines(workshop, org, text)).status).toBe(0);
  }
});

test("a compressed file is refused with a hint to decompress it", async ({ org, workshop }) => {
  const { status, stderr } = await importLines(workshop, org, gzipSync(JSON.stringify(job())));
  expect(stderr).toBe("The file is compressed. Decompress it first: gunzip -c FILE | … import … -\n");
  expect(status).toBe(1);
});

for (const encoding of ["UTF-16LE", "UTF-16BE"]) {
  for (const mark of ["\uFEFF", ""]) {
    test(`a file in ${encoding}${mark ? " with its mark" : ""} is refused with a hint to convert it`, async ({
      org,
      workshop,
    }) => {
      const bytes = Buffer.from(mark + lines(job(), job()), "utf16le");
      const { status, stderr } = await importLines(
        workshop,
        org,
        encoding === "UTF-16LE" ? bytes : bytes.swap16(),
      );
      expect(stderr).toBe(
        `The file is ${encoding}, not UTF-8. Convert it first: iconv -f ${encoding} -t UTF-8 FILE | … import … -\n`,
      );
      expect(status).toBe(1);
    });
  }
}

test("nullable fields can be left out", async ({ org, workshop }) => {
  const { description, scheduledStartTime, actualStartTime, completedAt, ...rest } = job();
  const { stderr, stdout } = await importLines(workshop, org, lines(rest));
  expect([stdout, stderr]).toEqual(["inserted 1, updated 0, unchanged 0, refused 0\n", ""]);
  expect((await org.list()).batchJobs).toEqual([
    {
      ...rest,
      organizationId: org.id,
      ...{ description: null, scheduledStartTime: null, actualStartTime: null, completedAt: null },
    },
  ]);
});

test("rows refused for the same reason are summarized", async ({ org, workshop }) => {
  const wrong = Array.from({ length: 5_000 }, (_, at) =>
    at % 2 === 0 ? job({ name: "" }) : job({ contactsProcessed: 11 + at }),
  );
  const { stderr, stdout } = await importLines(workshop, org, lines(job(), ...wrong, "x"));
  expect(stderr.trim().split("\n")).toEqual([
    "line 2: name must have 1 to 200 characters",
    "line 3: contactsProcessed must not be more than totalContacts (10)",
    "line 4: name must have 1 to 200 characters",
    "line 5: contactsProcessed must not be more than totalContacts (10)",
    "line 6: name must have 1 to 200 characters",
    "line 7: contactsProcessed must not be more than totalContacts (10)",
    "line 5002: is not a JSON object",
    "2,497 more rows, to line 5000: name must have … to … characters",
    "2,497 more rows, to line 5001: contactsProcessed must not be more than totalContacts …",
  ]);
  expect(stdout).toBe("inserted 1, updated 0, unchanged 0, refused 5001\n");
});

test("a row that is repeated thousands of times is one job", async ({ org, workshop }) => {
  const row = JSON.stringify(job());
  const { stderr, stdout } = await importLines(workshop, org, lines(...Array(20_000).fill(row)));
  expect([stdout, stderr]).toEqual(["inserted 1, updated 0, unchanged 19999, refused 0\n", ""]);
});

test("JSON that is nested too deeply is reported once per row, and affects no other row", async ({
  org,
  workshop,
}) => {
  const deep = (depth: number) => `${'{"a":['.repeat(depth)}1${"]}".repeat(depth)}`;
  const good = JSON.stringify(job());
  for (const [text, inserted, refused] of [
    [lines(deep(10_000), good), 1, 1],
    [`[${deep(9)},${good},${deep(3_000)}]`, 1, 2],
    [`${"[".repeat(100_000)}${"]".repeat(100_000)}`, 0, 1],
    [lines('{"a":['.repeat(10_000), JSON.stringify(job())), 1, 1],
  ] as const) {
    const { stderr, stdout } = await importLines(workshop, org, text);
    expect(stderr).toBe("line 1: is nested deeper than 16 levels\n".repeat(refused));
    expect(stdout).toMatch(
      new RegExp(`^inserted ${inserted}, updated 0, unchanged \\d, refused ${refused}\n$`),
    );
    await testDatabase.deleteFrom("batch_jobs").where("organization_id", "=", org.id).execute();
  }
});

test("unknown fields are ignored, and named", async ({ org, workshop }) => {
  const rows = [
    { ...job(), updatedAt: "x" },
    { ...job(), updatedAt: "x", cost: 1 },
  ];
  const { status, stderr } = await importLines(workshop, org, lines(...rows));
  expect(stderr).toBe("Ignored unknown field updatedAt (2 rows)\nIgnored unknown field cost (1 row)\n");
  expect(status).toBe(0);
});

test("--atomic writes nothing if a row is invalid, and everything otherwise", async ({ org, workshop }) => {
  const many = Array.from({ length: 1_500 }, () => job());
  const refused = await importLines(workshop, org, lines(...many, "x"), "--atomic");
  expect(refused.stderr).toBe(
    "line 1501: is not a JSON object\nNothing was imported, because a row was refused and --atomic is set.\n",
  );
  expect(refused.stdout).toBe("inserted 0, updated 0, unchanged 0, refused 1\n");
  expect(refused.status).toBe(1);
  expect((await org.list()).total).toBe(0);
  expect((await importLines(workshop, org, lines(...many), "--atomic")).status).toBe(0);
  expect((await org.list()).total).toBe(1_500);
});

test("a missing file, a folder, and a file without read permission", async ({ org, workshop }) => {
  const folder = path.join(workshop.directory, "folder");
  await mkdir(folder);
  for (const [file, sentence] of [
    [folder, `${folder} is a folder, not a file\n`],
    ["nothing.json", "File not found: nothing.json\n"],
  ] as const) {
    const { status, stderr } = await workshop.admin({ DATABASE_URL }, [
      "batch-jobs",
      "import",
      "--organization",
      org.id,
      file,
    ]);
    expect(stderr).toBe(sentence);
    expect(status).toBe(1);
  }
});

test("what the schema accepts, the database accepts and returns unchanged", async ({ org, workshop }) => {
  const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/);
  const { shape } = BatchJob;
  const text = (field: "name" | "description" | "agentId" | "fromPhoneNumberId") =>
    fc.string({ unit: "grapheme", maxLength: 128 }).filter((value) => shape[field].safeParse(value).success);
  const time = fc
    .date({ min: new Date(0), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true })
    .map((date) => `${date.toISOString().slice(0, 19)}Z`);
  const count = fc.integer({ min: 0, max: 2_147_483_647 });
  const anyJob = fc
    .record({
      name: text("name"),
      description: fc.option(text("description")),
      status: fc.constantFrom(...batchJobStatuses),
      agentId: text("agentId"),
      fromPhoneNumberId: text("fromPhoneNumberId"),
      counts: fc.tuple(count, count, count),
      scheduledStartTime: fc.option(time),
      actualStartTime: fc.option(time),
      completedAt: fc.option(time),
      createdAt: time,
      concurrentCallLimit: fc.integer({ min: 1, max: 50 }),
      retryPolicy: fc.record({
        maxAttempts: fc.integer({ min: 1, max: 10 }),
        retryableStatuses: fc.array(word, { maxLength: 20 }),
      }),
    })
    .map(({ counts, ...rest }) => {
      const [successfulCalls = 0, contactsProcessed = 0, totalContacts = 0] = counts.sort((a, b) => a - b);
      return job({
        ...rest,
        totalContacts,
        contactsProcessed,
        successfulCalls,
        failedCalls: contactsProcessed - successfulCalls,
      });
    });
  const jobs = fc.sample(anyJob, { numRuns: 1_000, seed: 20_261_123 });
  const { stdout, stderr } = await importLines(workshop, org, lines(...jobs));
  expect(stderr).toBe("");
  expect(stdout).toBe("inserted 1000, updated 0, unchanged 0, refused 0\n");
  const listed = new Map<string, unknown>();
  for (let page = 1; page <= 10; page++)
    for (const one of (await org.list(`&page=${page}&pageSize=100`)).batchJobs) listed.set(one.id, one);
  for (const one of jobs) expect(listed.get(one.id)).toEqual({ ...one, organizationId: org.id });
});

test("batch-jobs generate is deterministic, spread over three years, of all statuses, and safe to repeat", async ({
  makeOrg,
  workshop,
}) => {
  // Named, because the made-up jobs depend on whose they are: the same in every run.
  const org = await makeOrg("org_generated");
  const generate = (...flags: string[]) =>
    workshop.admin({ DATABASE_URL }, [
      "batch-jobs",
      "generate",
      "--organization",
      org.id,
      "--count",
      "3000",
      ...flags,
    ]);
  expect((await generate()).stdout).toBe("inserted 3000, updated 0, unchanged 0\n");
  expect((await generate()).stdout).toBe("inserted 0, updated 0, unchanged 3000\n");
  expect((await generate("--seed", "2")).stdout).toBe("inserted 3000, updated 0, unchanged 0\n");
  const totals = { pending: 5, scheduled: 17, running: 24, completed: 5118, failed: 424, cancelled: 412 };
  for (const status of batchJobStatuses) {
    expect((await org.list(`&status=${status}`)).total, status).toBe(totals[status]);
  }
  const { first, last } = await testDatabase
    .selectFrom("batch_jobs")
    .where("organization_id", "=", org.id)
    .select(({ fn }) => [fn.min("created_at").as("first"), fn.max("created_at").as("last")])
    .executeTakeFirstOrThrow();
  expect(first.getTime()).toBeLessThan(Date.UTC(2023, 3));
  expect(last.getTime()).toBeGreaterThan(Date.UTC(2025, 11));
  const { rows } = await sql<{ ids: number; disordered: number }>`
    select count(*)::int as ids, (count(*) filter (where id < earlier and created_at > earlier_time))::int as disordered
    from (
      select id, created_at, lag(id) over by_time as earlier, lag(created_at) over by_time as earlier_time
      from batch_jobs where organization_id = ${org.id} window by_time as (order by created_at, id)
    ) as job
  `.execute(testDatabase);
  expect(rows[0], "ids stand in the order of time").toEqual({ ids: 6000, disordered: 0 });
});

test("a progress bar is shown on a terminal", async ({ org, workshop }) => {
  const file = path.join(workshop.directory, "jobs.ndjson");
  await writeFile(file, lines(job(), "x", job()));
  const command = `node lib/cli/run.mjs admin batch-jobs import --organization ${org.id} ${file}`;
  const running = workshop.start({ DATABASE_URL }, ["script", "-qec", command, "/dev/null"]);
  expect((await running.ended).status).toBe(1);
  expect(running.stdout).toMatch(/█+ 100 % \| \d+ of \d+ bytes/);
  expect(running.stdout).toContain("line 2: is not a JSON object\r\n");
  expect(running.stdout).toContain("inserted 2, updated 0, unchanged 0, refused 1\r\n");
});

test("a large file is streamed, in constant memory", async ({ org, workshop }) => {
  const file = path.join(workshop.directory, "jobs.ndjson");
  await writeFile(
    file,
    Array.from({ length: 20_000 }, () => JSON.stringify(job({ description: "x".repeat(900) }))).join("\n"),
  );
  const command = ["node", "--max-old-space-size=48", "lib/cli/run.mjs", "admin"];
  const running = workshop.start({ DATABASE_URL }, [
    ...command,
    "batch-jobs",
    "import",
    "--organization",
    org.id,
    file,
  ]);
  expect((await running.ended).status, running.stderr).toBe(0);
  expect(running.stdout).toBe("inserted 20000, updated 0, unchanged 0, refused 0\n");
});
