import { setTimeout as delay } from "node:timers/promises";
import { sql, type Transaction } from "kysely";
import { createClient } from "@/db/client";
import { insertBatchJobs, testDatabase } from "@/db/fixtures";
import { createEmptyDatabase } from "@/db/fixtures-postgres";
import type { Database } from "@/db/schema";
import { batchJobStatuses } from "@/lib/batch-jobs/schema";
import { expect, type Organization, test } from "./fixtures";
import { test as processTest } from "./process";

/** The stored counts of an organization by status, how many jobs it has, and how many counts are wrong. */
async function countsOf(organizationId: string, db = testDatabase) {
  const { rows } = await sql<{ counts: number[]; jobs: number; errors: number }>`
    select
      (select array[${sql.raw(batchJobStatuses.map((status) => `coalesce(sum(${status}), 0)::int`).join(", "))}]
        from batch_job_counts where organization_id = ${organizationId} and period = 'all') as counts,
      (select count(*)::int from batch_jobs where organization_id = ${organizationId}) as jobs,
      (select count(*)::int from batch_job_count_errors(${organizationId})) as errors
  `.execute(db);
  return rows[0] as { counts: number[]; jobs: number; errors: number };
}

/** All counts, of the organization, its months and its days, are those of the jobs. */
async function expectRight(organizationId: string, expectedJobs?: number): Promise<void> {
  const { counts, jobs, errors } = await countsOf(organizationId);
  expect(errors).toBe(0);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(jobs);
  if (expectedJobs !== undefined) expect(jobs).toBe(expectedJobs);
}

/** Some thousand jobs in one statement: few times, hence many ties, and ids in no order. */
function fill(organizationId: string, count: number, db = testDatabase) {
  return sql`
    insert into batch_jobs
      (id, organization_id, name, status, agent_id, from_phone_number_id, total_contacts, created_at)
    select
      'batch_' || md5(random()::text), ${organizationId}, 'Renewals',
      (${sql.val(batchJobStatuses)}::text[])[1 + floor(random() * 6)], 'agent_1', 'phone_1', 100,
      timestamptz '2024-12-29Z' + floor(random() * 9) * interval '12 hours'
    from generate_series(1, ${count}::int)
  `.execute(db);
}

test.describe("stored counts are correct", () => {
  const statement = (text: string) => (org: Organization) =>
    sql`${sql.raw(text.replaceAll(":org", `'${org.id}'`))}`.execute(testDatabase);
  const writes: Record<string, (org: Organization) => Promise<unknown>> = {
    "after one more job": (org) => org.add({ status: "running" }),
    "after thousands more in one statement": (org) => fill(org.id, 5_000),
    "after a change of one job's status": statement(
      "update batch_jobs set status = 'failed' where id = (select min(id) from batch_jobs where organization_id = :org)",
    ),
    "after a change of many": statement(
      "update batch_jobs set status = 'cancelled' where organization_id = :org and id < 'batch_8'",
    ),
    "after a change to what they were": statement(
      "update batch_jobs set status = status where organization_id = :org",
    ),
    "after jobs got other times": statement(
      "update batch_jobs set created_at = created_at - interval '3 days' where organization_id = :org and id > 'batch_c'",
    ),
    "after one got another time": statement(
      "update batch_jobs set created_at = '2030-01-01' where id = (select max(id) from batch_jobs where organization_id = :org)",
    ),
    "after one got another id": statement(
      "update batch_jobs set id = id || '_2' where id = (select max(id) from batch_jobs where organization_id = :org)",
    ),
    "after one went": statement(
      "delete from batch_jobs where id = (select min(id) from batch_jobs where organization_id = :org)",
    ),
    "after many went": statement("delete from batch_jobs where organization_id = :org and id < 'batch_c'"),
    "after all went": statement("delete from batch_jobs where organization_id = :org"),
    "after an upsert that inserts, changes and keeps rows": statement(`
      insert into batch_jobs (id, organization_id, name, status, agent_id, from_phone_number_id, total_contacts)
      select id, organization_id, name, 'pending', agent_id, from_phone_number_id, total_contacts
      from batch_jobs where organization_id = :org and id < 'batch_4'
      union all select 'new_' || md5(random()::text), :org, 'New', 'running', 'a', 'p', 1 from generate_series(1, 50)
      on conflict (organization_id, id) do update set status = excluded.status where batch_jobs.status <> excluded.status`),
    // Its update trigger runs before its insert trigger.
    "after thousands of inserts and updates in one statement": async (org) => {
      for (let part = 0; part < 10; part++) await fill(org.id, 600);
      await sql`
        insert into batch_jobs (id, organization_id, name, status, agent_id, from_phone_number_id, total_contacts)
        select id, organization_id, name, 'pending', agent_id, from_phone_number_id, total_contacts
        from batch_jobs where organization_id = ${org.id} and id < 'batch_8'
        union all
        select 'batch_' || md5('new' || n), ${org.id}, 'New', 'running', 'a', 'p', 1 from generate_series(1, 3000) as n
        on conflict (organization_id, id) do update set status = excluded.status
      `.execute(testDatabase);
    },
    "after the same with all constraints immediate": (org) =>
      testDatabase.transaction().execute(async (transaction) => {
        await sql`set constraints all immediate`.execute(transaction);
        await sql`
          insert into batch_jobs (id, organization_id, name, status, agent_id, from_phone_number_id, total_contacts)
          select id, organization_id, name, 'pending', agent_id, from_phone_number_id, total_contacts
          from batch_jobs where organization_id = ${org.id} and id < 'batch_8'
          union all
          select 'batch_' || md5('new' || n), ${org.id}, 'New', 'running', 'a', 'p', 1 from generate_series(1, 3000) as n
          on conflict (organization_id, id) do update set status = excluded.status
        `.execute(transaction);
      }),
    "after one statement that does two things": statement(`
      with changed as (update batch_jobs set status = 'running' where organization_id = :org and id < 'batch_2'),
        stepped as (update batch_jobs set contacts_processed = 1 where organization_id = :org and id > 'batch_e')
      delete from batch_jobs where organization_id = :org and id between 'batch_5' and 'batch_6'`),
    "after a transaction of many statements, some of them undone": (org) =>
      testDatabase.transaction().execute(async (transaction) => {
        const step = (text: string) =>
          sql`${sql.raw(text.replaceAll(":org", `'${org.id}'`))}`.execute(transaction);
        await fill(org.id, 1_500, transaction);
        await step("savepoint before");
        await fill(org.id, 1_500, transaction);
        await step("update batch_jobs set status = 'failed' where organization_id = :org");
        await step("rollback to savepoint before");
        await step("update batch_jobs set contacts_processed = 2 where organization_id = :org");
        await step(
          "update batch_jobs set status = 'running' where organization_id = :org and id < 'batch_1'",
        );
      }),
    "after a transaction that was rolled back": async (org) => {
      const undone = testDatabase.transaction().execute(async (transaction) => {
        await fill(org.id, 1_500, transaction);
        throw new Error("undo");
      });
      await expect(undone).rejects.toThrow("undo");
    },
  };
  for (const [when, write] of Object.entries(writes)) {
    test(when, async ({ org }) => {
      await fill(org.id, 300);
      await write(org);
      await expectRight(org.id);
      // And the API returns the same totals.
      const { counts } = await countsOf(org.id);
      for (const [at, status] of batchJobStatuses.entries()) {
        expect((await org.list(`&status=${status}&pageSize=1`)).total, status).toBe(counts[at]);
      }
    });
  }

  test("after jobs moved to another organization, in both", async ({ makeOrg }) => {
    const [from, to] = [await makeOrg(), await makeOrg()];
    await fill(from.id, 300);
    await sql`
      update batch_jobs set organization_id = ${to.id} where organization_id = ${from.id} and id < 'batch_8'
    `.execute(testDatabase);
    await expectRight(from.id);
    await expectRight(to.id);
    expect((await from.list()).total + (await to.list()).total).toBe(300);
  });

  test("when an organization is deleted and another one gets its id", async ({ makeOrg }) => {
    const { id } = await makeOrg();
    await fill(id, 50);
    await sql`delete from batch_jobs where organization_id = ${id}`.execute(testDatabase);
    await sql`delete from organizations where id = ${id}`.execute(testDatabase);
    const org = await makeOrg(id);
    await org.add({ status: "failed" });
    await expectRight(id, 1);
  });

  test("and are not written by progress updates", async ({ org }) => {
    const [id = ""] = await org.add({ status: "running", total_contacts: 100 });
    const rows = async () =>
      (
        await sql`select ctid, xmin from batch_job_counts where organization_id = ${org.id}`.execute(
          testDatabase,
        )
      ).rows;
    const before = await rows();
    await sql`update batch_jobs set contacts_processed = 7, successful_calls = 3 where id = ${id}`.execute(
      testDatabase,
    );
    expect(await rows()).toEqual(before);
  });

  test("and stay few rows, however many statements write", async ({ org }) => {
    test.setTimeout(120_000);
    await testDatabase.transaction().execute(async (transaction) => {
      for (let job = 0; job < 3_000; job++) {
        await sql`
          insert into batch_jobs (id, organization_id, name, status, agent_id, from_phone_number_id, total_contacts)
          values (${`${org.id}_${job}`}, ${org.id}, 'One', 'pending', 'a', 'p', 1)
        `.execute(transaction);
      }
    });
    const { rows } = await sql<{ rows: number }>`
      select count(*)::int as rows from batch_job_counts where organization_id = ${org.id}
    `.execute(testDatabase);
    // Three for each statement; one in a hundred folds them: that none of 3,000 does would be one in 10^13.
    expect(rows[0]?.rows).toBeLessThan(9_000);
    await expectRight(org.id, 3_000);
  });
});

/** The expected page, by OFFSET. */
async function skippedTo(org: Organization, statuses: string[], page: number, pageSize: number) {
  const { rows } = await sql<{ id: string; total: number }>`
    with matching as materialized (
      select id, created_at from batch_jobs
      where organization_id = ${org.id} and (${statuses.length === 0} or status = any(${statuses}))
    )
    select id, total from (select count(*)::int as total from matching) as counted left join (
      select id, created_at from matching order by created_at desc, id desc
      limit ${pageSize} offset ${(page - 1) * pageSize}
    ) as page on true
    order by created_at desc, id desc
  `.execute(testDatabase);
  return { ids: rows.map((row) => row.id).filter((id) => id !== null), total: rows[0]?.total };
}

async function asked(org: Organization, statuses: string[], page: number, pageSize: number) {
  const status = statuses.length > 0 ? `&status=${statuses}` : "";
  const list = await org.list(`${status}&page=${page}&pageSize=${pageSize}`);
  return { ids: list.batchJobs.map((job) => job.id), total: list.total };
}

const filters = [[], ["running"], ["failed", "running"], ["completed", "pending", "cancelled"]];

test.describe("a deep page has the same jobs as with OFFSET", () => {
  test("for each filter, at the beginning, everywhere between and past the end", async ({ org }) => {
    for (let part = 0; part < 4; part++) await fill(org.id, 3_000);
    const compare = async (pages: number[]) => {
      for (const statuses of filters) {
        for (const page of pages) {
          const found = await asked(org, statuses, page, 100);
          expect(found, `${statuses} page ${page}`).toEqual(await skippedTo(org, statuses, page, 100));
        }
      }
    };
    await compare([1, 2, 20, 21, 22, 40, 41, 59, 60, 61, 90, 119, 120, 121, 1_000_000_000]);
    // Nearly all rows added since then are not folded.
    for (let change = 0; change < 30; change++) {
      const some = sql`(
        select id from batch_jobs where organization_id = ${org.id} order by md5(id || ${change}::int) limit 1
      )`;
      await [
        () => fill(org.id, 1 + change),
        () => sql`update batch_jobs set status = 'running' where id = ${some}`.execute(testDatabase),
        () => sql`delete from batch_jobs where id = ${some}`.execute(testDatabase),
      ][change % 3]?.();
    }
    await compare([21, 30, 45, 61, 70, 88, 100, 121, 122, 123]);
  });

  test("when all jobs have the same created_at", async ({ org }) => {
    await fill(org.id, 9_000);
    await sql`update batch_jobs set created_at = '2025-01-01' where organization_id = ${org.id}`.execute(
      testDatabase,
    );
    await expectRight(org.id, 9_000);
    const ids = [];
    for (let page = 1; page <= 90; page++) ids.push(...(await org.ids(`&page=${page}&pageSize=100`)));
    expect(new Set(ids).size).toBe(9_000);
    expect(ids).toEqual([...ids].sort().reverse());
  });

  for (const isolation of ["read committed", "repeatable read", "serializable"] as const) {
    test(`while a slow transaction (${isolation}) writes and others fold the counts that it has read`, async ({
      org,
    }) => {
      await fill(org.id, 9_000);
      const pages = async () => {
        for (const page of [30, 60, 90]) {
          expect(await asked(org, [], page, 100)).toEqual(await skippedTo(org, [], page, 100));
        }
      };
      await testDatabase
        .transaction()
        .setIsolationLevel(isolation)
        .execute(async (slow: Transaction<Database>) => {
          const insert = (id: string) => sql`
            insert into batch_jobs
              (id, organization_id, name, status, agent_id, from_phone_number_id, total_contacts, created_at)
            values (${`${org.id}_${id}`}, ${org.id}, 'Slow', 'running', 'a', 'p', 1, '2025-01-03')
          `;
          await insert("before").execute(slow);
          // Moves jobs from the end to the beginning, so that its changes add up to nothing.
          await sql`
            update batch_jobs set created_at = '2025-01-09' where organization_id = ${org.id} and id < 'batch_1'
          `.execute(slow);
          await fill(org.id, 100);
          await sql`select fold_batch_job_counts(${org.id})`.execute(testDatabase);
          await insert("after").execute(slow);
          await sql`select fold_batch_job_counts(${org.id})`.execute(slow);
          await pages();
        });
      await pages();
      expect((await asked(org, [], 21_474_900, 100)).ids).toEqual([]);
      await expectRight(org.id, 9_102);
    });
  }

  test("while eight writers insert, change, move and delete", async ({ org }) => {
    test.setTimeout(120_000);
    const writers = createClient({
      databaseUrl: process.env.DATABASE_URL ?? "",
      poolMax: 8,
      applicationName: "writers",
      timeouts: false,
    });
    for (let part = 0; part < 3; part++) await fill(org.id, 3_000);
    let compared = 0;
    const pick = (count: number) => Math.floor(Math.random() * count);
    const some = () => sql`id like ${`batch_${pick(16).toString(16)}${pick(16).toString(16)}%`}`;
    const work = async (writer: number) => {
      // Each writer has its own rows, as changing the same ones in another order would deadlock anyway.
      const own = sql`organization_id = ${org.id} and right(id, 1) in (${sql.join([writer * 2, writer * 2 + 1].map((digit) => digit.toString(16)))})`;
      for (let turn = 0; compared < 15; turn++) {
        const isolation = turn % 5 === 4 ? ("repeatable read" as const) : ("read committed" as const);
        await writers
          .transaction()
          .setIsolationLevel(isolation)
          .execute(async (transaction) => {
            for (let statement = 0; statement <= pick(3); statement++) {
              const change = [
                () => fill(org.id, 1 + pick(40), transaction),
                () => fill(org.id, 1_000 + pick(500), transaction),
                () =>
                  sql`update batch_jobs set status = ${batchJobStatuses[pick(6)]} where ${own} and ${some()}`.execute(
                    transaction,
                  ),
                () =>
                  sql`update batch_jobs set created_at = created_at - interval '1 hour' where ${own} and ${some()}`.execute(
                    transaction,
                  ),
                () =>
                  sql`delete from batch_jobs where ${own} and id > ${`batch_${"456789abcdef"[pick(12)]}`}`.execute(
                    transaction,
                  ),
              ][pick(5)];
              await change?.();
            }
            if (pick(6) === 0) await sql`select 1 / 0`.execute(transaction);
          })
          .catch((error) => expect(error.message).toBe("division by zero"));
        await delay(pick(1_000));
      }
    };
    const writing = Promise.all(Array.from({ length: 8 }, (_, writer) => work(writer)));
    while (compared < 15) {
      const statuses = filters[pick(filters.length)] ?? [];
      const page = 1 + pick(30);
      const before = await skippedTo(org, statuses, page, 100);
      const found = await asked(org, statuses, page, 100);
      // Only if nothing was written in between.
      if (JSON.stringify(before) !== JSON.stringify(await skippedTo(org, statuses, page, 100))) continue;
      expect(found, `${statuses} page ${page}`).toEqual(before);
      compared++;
    }
    await writing;
    await writers.destroy();
    await expectRight(org.id);
  });
});

processTest("emptying the table empties the counts", async ({ workshop }) => {
  const DATABASE_URL = await createEmptyDatabase();
  await workshop.admin({ DATABASE_URL }, ["organizations", "create", "--id", "org_x", "--name", "X"]);
  const generate = ["batch-jobs", "generate", "--organization", "org_x", "--count", "3000"];
  await workshop.admin({ DATABASE_URL }, generate);
  const db = createClient({ databaseUrl: DATABASE_URL, poolMax: 1, applicationName: "test" });
  expect(await countsOf("org_x", db)).toMatchObject({ jobs: 3_000, errors: 0 });
  await sql`truncate batch_jobs cascade`.execute(db);
  expect(await countsOf("org_x", db)).toEqual({ counts: [0, 0, 0, 0, 0, 0], jobs: 0, errors: 0 });
  const afterwards = await workshop.admin({ DATABASE_URL }, ["batch-jobs", "check-counts"]);
  expect([afterwards.status, afterwards.stdout]).toEqual([
    0,
    "1 organization, 0 jobs: all counts are correct\n",
  ]);
  await db.destroy();
  const { status, stdout } = await workshop.admin({ DATABASE_URL }, generate);
  expect([status, stdout]).toEqual([0, "inserted 3000, updated 0, unchanged 0\n"]);
  const checked = await workshop.admin({ DATABASE_URL }, ["batch-jobs", "check-counts"]);
  expect([checked.status, checked.stdout]).toEqual([
    0,
    "1 organization, 3,000 jobs: all counts are correct\n",
  ]);
});

processTest("a trigger of the operator's own may change the status, too", async ({ workshop }) => {
  const DATABASE_URL = await createEmptyDatabase();
  await workshop.admin({ DATABASE_URL }, ["organizations", "create", "--id", "org_x", "--name", "X"]);
  const db = createClient({ databaseUrl: DATABASE_URL, poolMax: 1, applicationName: "test" });
  await sql`
    insert into batch_jobs (id, organization_id, name, status, agent_id, from_phone_number_id, total_contacts)
    values ('one', 'org_x', 'One', 'running', 'a', 'p', 100)
  `.execute(db);
  await sql`
    create function complete() returns trigger language plpgsql as $$
    begin
      new.status := case when new.contacts_processed = new.total_contacts then 'completed' else new.status end;
      return new;
    end
    $$
  `.execute(db);
  await sql`create trigger z_complete before update on batch_jobs for each row execute function complete()`.execute(
    db,
  );
  await sql`update batch_jobs set contacts_processed = 100`.execute(db);
  expect(await countsOf("org_x", db)).toMatchObject({ counts: [0, 0, 0, 1, 0, 0], errors: 0 });
  await db.destroy();
});

processTest("the operator's check names what is wrong, and repairs it", async ({ workshop }) => {
  const DATABASE_URL = await createEmptyDatabase();
  await workshop.admin({ DATABASE_URL }, ["organizations", "create", "--id", "org_x", "--name", "X"]);
  await workshop.admin({ DATABASE_URL }, [
    ...["batch-jobs", "generate", "--organization", "org_x", "--count", "5000"],
  ]);
  const db = createClient({ databaseUrl: DATABASE_URL, poolMax: 1, applicationName: "test" });
  const { counts } = await countsOf("org_x", db);
  const wrong = (period: string, status: string, n: number) => sql`
    update batch_job_counts set ${sql.ref(status)} = ${sql.ref(status)} + ${n}::int
    where ctid = (select max(ctid) from batch_job_counts where period = ${period})
  `;
  await wrong("all", "failed", 2).execute(db);
  await wrong("all", "running", -1).execute(db);
  await wrong("day", "running", -1).execute(db);
  const run = (...words: string[]) =>
    workshop.admin({ DATABASE_URL }, ["batch-jobs", "check-counts", ...words]);
  const found = await run();
  expect(found.stderr).toBe(
    "org_x: running: 1 job not counted\norg_x: failed: 2 jobs too many\norg_x: 1 day with a wrong count\n",
  );
  expect([found.status, found.stdout]).toEqual([1, "1 organization, 5,000 jobs: wrong in 1\n"]);
  // Two concurrent repairs correct it once.
  const [repaired] = await Promise.all([
    run("--organization", "org_x", "--repair"),
    run("--organization", "org_x", "--repair"),
  ]);
  expect([
    repaired.status,
    repaired.stdout.replace(/all counts are correct|wrong in 1, repaired/, "…"),
  ]).toEqual([0, "1 organization, 5,000 jobs: …\n"]);
  expect((await run()).stdout).toBe("1 organization, 5,000 jobs: all counts are correct\n");
  expect(await countsOf("org_x", db)).toEqual({ counts, jobs: 5_000, errors: 0 });
  // Even if no rows are left.
  await sql`truncate batch_job_counts`.execute(db);
  await run("--repair");
  expect(await countsOf("org_x", db)).toEqual({ counts, jobs: 5_000, errors: 0 });
  await db.destroy();
});

test("jobs inserted by fixtures are counted", async ({ org }) => {
  expect((await org.list()).total).toBe(0);
  await insertBatchJobs(org.id, [{ status: "running" }, { status: "failed" }]);
  expect((await org.list("&status=running,failed")).total).toBe(2);
});
