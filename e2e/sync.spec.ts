import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import { insertBatchJobs, testDatabase } from "@/db/fixtures";
import { BatchJobSearch } from "@/lib/batch-jobs/schema";
import { expect, type Organization, test } from "./fixtures";

// Walks by cursor are exact, and what changes can be followed, while jobs come, go and change.

async function read(org: Organization, query: string) {
  const response = await org.get(query);
  expect(response.status(), await response.text()).toBe(200);
  return {
    ...BatchJobSearch.parse(await response.json()),
    watermark: response.headers()["x-next-updated-since"],
  };
}

/** Walks a list by cursor. @returns its jobs, and where to go on from. */
async function walk(org: Organization, query: string, { pauseMs = 0, pageSize = 20 } = {}) {
  const jobs: BatchJobSearch["batchJobs"] = [];
  const watermarks = new Set<string>();
  for (let cursor: string | null | undefined = ""; cursor != null; await delay(pauseMs)) {
    const answer: Awaited<ReturnType<typeof read>> = await read(
      org,
      `${query}&total=none&include=updatedAt&pageSize=${pageSize}&cursor=${cursor}`,
    );
    jobs.push(...answer.batchJobs);
    watermarks.add(answer.watermark ?? "");
    cursor = answer.nextCursor;
  }
  expect(watermarks.size, "one walk has one watermark").toBe(1);
  return { jobs, watermark: [...watermarks][0] ?? "" };
}

/** Inserts, deletes and updates 20 jobs a second each until it is stopped; some updates commit late. */
function churn(org: Organization) {
  const done = { inserted: 0, updated: 0, deleted: 0 };
  let isOver = false;
  const late: Promise<unknown>[] = [];
  const some = sql`(select id from batch_jobs where organization_id = ${org.id} order by random() limit 1)`;
  const update = (db: typeof testDatabase) =>
    sql`
      update batch_jobs set contacts_processed = mod(contacts_processed + 1, 100)
      where organization_id = ${org.id} and id = ${some}
    `.execute(db);
  const running = (async () => {
    for (let turn = 0; !isOver; turn++) {
      const [nextMs] = [performance.now() + 50];
      await insertBatchJobs(org.id, [
        { name: `New ${turn}`, total_contacts: 100, status: turn % 2 ? "running" : "pending" },
      ]);
      await update(testDatabase);
      const gone =
        await sql`delete from batch_jobs where organization_id = ${org.id} and id = ${some}`.execute(
          testDatabase,
        );
      done.inserted++;
      done.updated++;
      done.deleted += Number(gone.numAffectedRows);
      if (turn % 20 === 10) {
        late.push(
          testDatabase.transaction().execute(async (transaction) => {
            await update(transaction);
            await insertBatchJobs(org.id, [{ name: `Late ${turn}`, total_contacts: 100 }], transaction);
            await delay(800);
          }),
        );
      }
      await delay(Math.max(0, nextMs - performance.now()));
    }
    await Promise.all(late);
  })();
  return {
    stop: async () => {
      isOver = true;
      await running;
      return done;
    },
  };
}

const idsOf = async (org: Organization) =>
  (
    await testDatabase.selectFrom("batch_jobs").select("id").where("organization_id", "=", org.id).execute()
  ).map(({ id }) => id);

const start = (org: Organization) =>
  org.add(
    ...Array.from({ length: 400 }, (_, at) => ({
      name: `Old ${at}`,
      total_contacts: 100,
      status: at % 10 ? ("completed" as const) : ("running" as const),
      created_at: new Date(Date.UTC(2025, 0, 1) + Math.floor(at / 3) * 1_000),
      updated_at: new Date(Date.UTC(2025, 0, 2)),
    })),
  );

/** Compares what was seen with the jobs that were there all the time. */
function compare(seen: string[], before: string[], after: string[]) {
  const there = before.filter((id) => after.includes(id));
  const missed = there.filter((id) => !seen.includes(id)).length;
  return { missed, repeated: seen.length - new Set(seen).size };
}

test("a walk by cursor has each job once under churn, which a walk by pages has not", async ({ org }) => {
  await start(org);
  const changes = churn(org);
  const before = await idsOf(org);
  const byCursor = (await walk(org, "", { pauseMs: 150 })).jobs.map((job) => job.id);
  const between = await idsOf(org);
  const byPage: string[] = [];
  for (let page = 1; ; page++) {
    const ids = await org.ids(`&page=${page}`);
    if (ids.length === 0) break;
    byPage.push(...ids);
    await delay(150);
  }
  const after = await idsOf(org);
  const done = await changes.stop();
  const found = {
    ...done,
    byCursor: compare(byCursor, before, between),
    byPage: compare(byPage, between, after),
  };
  test.info().annotations.push({ type: "churn", description: JSON.stringify(found) });
  expect(found.byCursor).toEqual({ missed: 0, repeated: 0 });
  expect(found.byPage.missed + found.byPage.repeated).toBeGreaterThan(0);
});

for (const sort of ["updatedAt", "-createdAt"]) {
  test(`a copy that follows updatedSince is complete, also of what commits late: sort=${sort}`, async ({
    org,
  }) => {
    await start(org);
    const changes = churn(org);
    const copy = new Map<string, unknown>();
    let since = "";
    let received = 0;
    const follow = async (pauseMs: number) => {
      const query = `&sort=${sort}${since && `&updatedSince=${since}`}`;
      const { jobs, watermark } = await walk(org, query, { pauseMs, pageSize: 50 });
      for (const job of jobs) copy.set(job.id, job);
      received += jobs.length;
      since = watermark;
    };
    for (const untilMs = Date.now() + 4_000; Date.now() < untilMs; ) await follow(100);
    await changes.stop();
    await follow(0);
    const whole = (await walk(org, "", { pageSize: 100 })).jobs;
    expect(whole.length).toBeGreaterThan(300);
    for (const job of whole) expect(copy.get(job.id)).toEqual(job);
    expect(received, "changes came, not always all jobs").toBeLessThan(copy.size * 3);
    // As soon as no transaction of before is open any more, in other tests either.
    await expect(async () => {
      const before = received;
      await follow(0);
      expect(received - before, "nothing has changed").toBe(0);
    }).toPass();
  });
}

test("a transaction that was open during an answer is in the next one, however long it takes", async ({
  org,
}) => {
  const [id] = await org.add({ name: "Before" }, { name: "Other" });
  const transaction = await testDatabase.startTransaction().execute();
  await transaction.updateTable("batch_jobs").set({ name: "Changed" }).where("id", "=", `${id}`).execute();
  await insertBatchJobs(org.id, [{ name: "Late", created_at: "2020-01-01T00:00:00Z" }], transaction);
  const first = await walk(org, "");
  expect(first.jobs.map((job) => job.name)).toEqual(["Other", "Before"]);
  await org.add({ name: "Quick" });
  const second = await walk(org, `&sort=updatedAt&updatedSince=${first.watermark}`);
  // Others may come again, while other tests have transactions open.
  const namesOf = ({ jobs }: typeof first) => jobs.map((job) => job.name);
  expect(namesOf(second)).toContain("Quick");
  expect(namesOf(second)).not.toContain("Changed");
  await transaction.commit().execute();
  const third = await walk(org, `&sort=createdAt&updatedSince=${second.watermark}`);
  expect(namesOf(third)).toEqual(expect.arrayContaining(["Late", "Changed"]));
});

test("a job's updatedAt never goes back", async ({ org }) => {
  const [id] = await org.add({ name: "One" });
  const transaction = await testDatabase.startTransaction().execute();
  await sql`select now()`.execute(transaction);
  const change = (name: string, db = testDatabase) =>
    db
      .updateTable("batch_jobs")
      .set({ name })
      .where("id", "=", `${id}`)
      .returning("updated_at")
      .executeTakeFirstOrThrow();
  await delay(20);
  const { updated_at: earlier } = await change("Two");
  const { updated_at: later } = await change("Three", transaction);
  await transaction.commit().execute();
  expect(later.getTime()).toBeGreaterThanOrEqual(earlier.getTime());
});

test("a cursor works for its own list only, and a watermark for its own database", async ({
  org,
  makeOrg,
}) => {
  await org.add({}, {}, {});
  const other = await makeOrg();
  await other.add({}, {}, {});
  const { nextCursor, watermark } = await read(org, "&cursor=&pageSize=1&sort=name&status=completed,failed");
  expect(
    (await read(org, `&cursor=${nextCursor}&sort=name&status=failed,completed&pageSize=7`)).batchJobs,
  ).toHaveLength(2);
  const refused = async (of: Organization, query: string) => {
    const response = await of.get(query);
    return [response.status(), (await response.json()).code];
  };
  const tampered = `${nextCursor}`.replace(/^.{12}/, (start) => start.split("").reverse().join(""));
  for (const query of [
    `&cursor=${nextCursor}&sort=name`,
    `&cursor=${nextCursor}&sort=-name&status=completed,failed`,
    `&cursor=${nextCursor}&sort=name&status=completed,failed&q=x`,
    `&cursor=${tampered}&sort=name&status=completed,failed`,
    `&cursor=${nextCursor}x&sort=name&status=completed,failed`,
    "&cursor=x",
    "&cursor=e30.x",
    "&cursor=%00",
    "&cursor=&cursor=",
  ]) {
    expect(await refused(org, query), query).toEqual([400, "invalid_cursor"]);
  }
  const whole = `&cursor=${nextCursor}&sort=name&status=completed,failed`;
  expect(await refused(other, whole)).toEqual([400, "invalid_cursor"]);
  expect(await refused(org, `${whole}&page=2`)).toEqual([400, "invalid_page"]);
  const [database, transaction] = `${watermark}`.split("-");
  for (const since of [`000000000000-${transaction}`, `${database}-999999999999999999`]) {
    expect(await refused(org, `&updatedSince=${since}`)).toEqual([400, "invalid_updated_since"]);
  }
});

test("a progress update writes to no index", async ({ org }) => {
  const [id] = await org.add({ status: "running", total_contacts: 1_000 });
  const tupleOf = async () =>
    (
      await sql<{ page: string }>`
        select (ctid::text::point)[0]::int as page, settled_at::text, settled_xid::text, name_search
        from batch_jobs where id = ${id}
      `.execute(testDatabase)
    ).rows[0];
  const before = await tupleOf();
  for (let at = 1; at <= 5; at++) {
    await sql`update batch_jobs set contacts_processed = ${at}::int where id = ${id}`.execute(testDatabase);
  }
  expect({ ...(await tupleOf()), page: before?.page }).toEqual(before);
});
