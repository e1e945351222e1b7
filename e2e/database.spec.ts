import { createHash } from "node:crypto";
import { mergeTests } from "@playwright/test";
import { type Insertable, sql } from "kysely";
import { createClient } from "@/db/client";
import { insertApiKey, insertBatchJobs, insertOrganization, testDatabase, uniqueId } from "@/db/fixtures";
import { createEmptyDatabase, fillDatabase, schemaVersion, startOwnPostgres } from "@/db/fixtures-postgres";
import type { Database } from "@/db/schema";
import { makeApiKey } from "./api-key";
import { filledIn } from "./bench/plans";
import { currentSettings, relied, strange } from "./database-settings";
import { type Organization, test as withOrganizations } from "./fixtures";
import { expect, freePort, test as withWorkshop } from "./process";
import { secret } from "./servers";

const test = mergeTests(withOrganizations, withWorkshop);

type Job = Partial<Insertable<Database["batch_jobs"]>>;

test.describe("a batch job is refused by the database", () => {
  const wrong: Record<string, { job: Job; constraint: RegExp }> = {
    "with another status": { job: { status: "paused" as never }, constraint: /status_check/ },
    "with a negative total": { job: { total_contacts: -1 }, constraint: /contact_count_check/ },
    "with negative processed": { job: { contacts_processed: -1 }, constraint: /contact_count_check/ },
    "with negative successes": { job: { successful_calls: -1 }, constraint: /contact_count_check/ },
    "with negative failures": { job: { failed_calls: -1 }, constraint: /contact_count_check/ },
    "with more processed than there are": {
      job: { total_contacts: 5, contacts_processed: 6 },
      constraint: /processed_within_total/,
    },
    "with more outcomes than processed": {
      job: { total_contacts: 5, contacts_processed: 4, successful_calls: 3, failed_calls: 2 },
      constraint: /outcomes_within_processed/,
    },
    "with outcomes that overflow an integer": {
      job: {
        ...{ total_contacts: 2_147_483_647, contacts_processed: 2_147_483_647 },
        ...{ successful_calls: 2_147_483_647, failed_calls: 2_147_483_647 },
      },
      constraint: /outcomes_within_processed/,
    },
    "with no concurrency": { job: { concurrent_call_limit: 0 }, constraint: /job_call_limit_check/ },
    "with too much concurrency": {
      job: { concurrent_call_limit: 51 },
      constraint: /job_call_limit_check/,
    },
    "with no attempt": { job: { retry_max_attempts: 0 }, constraint: /attempt_limit_check/ },
    "with too many attempts": { job: { retry_max_attempts: 11 }, constraint: /attempt_limit_check/ },
    "with an empty retryable status": {
      job: { retry_retryable_statuses: [""] },
      constraint: /retryable_statuses/,
    },
    "with a comma in a retryable status": {
      job: { retry_retryable_statuses: ["a b"] },
      constraint: /retryable_statuses/,
    },
    "with a retryable status that is too long": {
      job: { retry_retryable_statuses: ["x".repeat(65)] },
      constraint: /retryable_statuses/,
    },
    "without a name": { job: { name: "" }, constraint: /name_check/ },
    "with a name that is too long": { job: { name: "x".repeat(201) }, constraint: /name_check/ },
    "with a description that is too long": {
      job: { description: "x".repeat(1_001) },
      constraint: /description_check/,
    },
    "with an id that an address would escape": { job: { id: "a b" }, constraint: /id_check/ },
    "with an id that is too long": { job: { id: "x".repeat(129) }, constraint: /id_check/ },
    "of an organization that does not exist": {
      job: { organization_id: "org_none" },
      constraint: /organization_id_fkey/,
    },
    "created at infinity": { job: { created_at: "infinity" }, constraint: /batch_job_time_check/ },
    "completed in the year 10000": {
      job: { completed_at: "10000-01-01T00:00:00Z" },
      constraint: /batch_job_time_check/,
    },
  };
  for (const [name, { job, constraint }] of Object.entries(wrong)) {
    test(name, async () => {
      const organization = await insertOrganization();
      await expect(insertBatchJobs(organization, [job])).rejects.toThrow(constraint);
    });
  }

  test("with an id that another job of its organization has, but not for one that another organization has", async () => {
    const [one, other] = [await insertOrganization(), await insertOrganization()];
    const [id = ""] = await insertBatchJobs(one, [{}]);
    await expect(insertBatchJobs(one, [{ id }])).rejects.toThrow(/batch_jobs_pkey/);
    await insertBatchJobs(other, [{ id }]);
  });
});

test("an update of a job has no conditions to parse that a domain or a function could have", async () => {
  const { rows } = await sql<{ name: string }>`
    select conname as name from pg_constraint
    where conrelid = 'batch_jobs'::regclass and contype = 'c' and cardinality(conkey) = 1
    union all select tgname from pg_trigger where tgrelid = 'batch_jobs'::regclass and tgqual is not null
  `.execute(testDatabase);
  expect(rows).toEqual([]);
});

test("an organization that has jobs is not deleted by accident", async () => {
  const organization = await insertOrganization();
  await insertBatchJobs(organization, [{}]);
  await expect(
    testDatabase.deleteFrom("organizations").where("id", "=", organization).execute(),
  ).rejects.toThrow(/batch_jobs_organization_id_fkey/);
});

test("updated_at is set by the database, and only when something changes", async () => {
  const organization = await insertOrganization();
  const [id = ""] = await insertBatchJobs(organization, [{ updated_at: new Date(0), total_contacts: 5 }]);
  const updatedAt = async () =>
    (
      await testDatabase
        .selectFrom("batch_jobs")
        .select("updated_at")
        .where("id", "=", id)
        .executeTakeFirstOrThrow()
    ).updated_at;
  const set = (contacts_processed: number) =>
    testDatabase.updateTable("batch_jobs").set({ contacts_processed }).where("id", "=", id).execute();
  await set(0);
  expect((await updatedAt()).getTime()).toBe(0);
  await set(1);
  expect((await updatedAt()).getTime()).toBeGreaterThan(Date.now() - 60_000);
});

test("created_at defaults to the current time, truncated to seconds", async () => {
  const organization = await insertOrganization();
  await sql`select pg_sleep(1.6 - extract(second from clock_timestamp()) % 1)`.execute(testDatabase);
  const { rows } = await sql<{ isCut: boolean }>`
    insert into batch_jobs (id, organization_id, name, status, agent_id, from_phone_number_id, total_contacts)
    values (${organization}, ${organization}, 'Renewals', 'pending', 'a', 'p', 1)
    returning created_at <= now() and created_at > now() - interval '1 second' as "isCut"
  `.execute(testDatabase);
  expect(rows).toEqual([{ isCut: true }]);
});

test("only the SHA-256 of a key is stored, and is unique", async () => {
  const organization = await insertOrganization();
  const key = makeApiKey();
  await insertApiKey(organization, key);
  await expect(insertApiKey(organization, key)).rejects.toThrow(/api_keys_key_hash_unique/);
  const { rows } = await sql<{
    row: string;
  }>`select to_jsonb(k)::text as row from api_keys k where organization_id = ${organization}`.execute(
    testDatabase,
  );
  expect(rows[0]?.row).not.toContain(key.slice(12, -4));
});

/** The statement as the server sends it for a page; of filters, only those of statuses. */
async function statementOf(org: Organization, filter: string, depth: "first" | "near" | "deep") {
  const page = { first: 1, near: 2, deep: 300 }[depth];
  const statuses = (filter.match(/running|failed/g) ?? []).length * (depth === "first" ? 1 : 2);
  const isIt = (text: string) =>
    /with bearer/.test(text) &&
    (/"seek" as/.test(text) ? "deep" : /"first_job" as/.test(text) ? "near" : "first") === depth &&
    (text.match(/"status" = \$/g) ?? []).length === statuses;
  // The last one of a connection, until that is used again.
  const sent = async () => {
    await org.list(`${filter}&page=${page}`);
    const { rows } = await sql<{ query: string }>`
      select query from pg_stat_activity where application_name = 'batch-jobs'
    `.execute(testDatabase);
    return rows.map((row) => row.query).find(isIt);
  };
  for (let tries = 0; tries < 50; tries++) {
    const statement = await sent();
    if (statement !== undefined) return statement;
  }
  throw new Error("The server's statement was not logged");
}

test.describe("the list's page comes from an index, in order, without sorting", () => {
  for (const { filter, index } of [
    { filter: "", index: "batch_jobs_newest_first" },
    { filter: "&status=running", index: "batch_jobs_by_status_newest_first" },
    { filter: "&status=running,failed", index: "batch_jobs_by_status_newest_first" },
  ]) {
    for (const depth of ["first", "near", "deep"] as const) {
      test(`${filter || "all jobs"}, the ${depth} page`, async ({ org }) => {
        const plan = await planOf(org, filter, depth);
        expect(plan).toMatch(new RegExp(`Index Scan using ${index} on batch_jobs`));
        if (depth !== "first")
          expect(plan).toMatch(new RegExp(`Index Only Scan using ${index} on batch_jobs`));
        if (depth === "deep") expect(plan).toMatch(/Index Cond: .*created_at < \(InitPlan/);
        if (filter.includes(",")) expect(plan).toMatch(/Merge Append/);
      });
    }
  }

  /** The plan that PostgreSQL makes for the server's own statement, whatever the parameters. */
  async function planOf(org: Organization, filter: string, depth: "first" | "near" | "deep") {
    const statement = await statementOf(org, filter, depth);
    return testDatabase.transaction().execute(async (transaction) => {
      // The table is small here; with a million rows the planner needs no hint.
      await sql`set local enable_seqscan = off; set local enable_bitmapscan = off`.execute(transaction);
      const { rows } = await sql<{
        "QUERY PLAN": string;
      }>`explain (generic_plan) ${sql.raw(statement)}`.execute(transaction);
      return rows.map((row) => row["QUERY PLAN"]).join("\n");
    });
  }
});

for (const depth of ["first", "near", "deep"] as const) {
  test(`the statement of a ${depth} page gives a key no row of another organization`, async ({ makeOrg }) => {
    const [own, other] = [await makeOrg(), await makeOrg()];
    await own.add({}, {});
    await other.add({}, {}, {});
    const statement = await statementOf(own, "", depth);
    const run = async (key: string, organizationId: string) => {
      const keyHash = createHash("sha256").update(key).digest();
      const filled = filledIn(statement, { keyHash, organizationId, offset: depth === "first" ? 0 : 1 });
      const { rows } = await sql<{ jobs: string; total: number }>`${sql.raw(filled)}`.execute(testDatabase);
      return rows.map(({ jobs, total }) => ({ jobs: jobs.match(/"id"/g)?.length ?? 0, total }));
    };
    const shown = depth === "first" ? 2 : 1;
    expect(await run(own.key, own.id)).toEqual([{ jobs: shown, total: 2 }]);
    expect(await run(own.key, other.id)).toEqual([{ jobs: 0, total: 0 }]);
    expect(await run(makeApiKey(), own.id)).toEqual([]);
    await sql`update api_keys set revoked_at = now() where organization_id = ${own.id}`.execute(testDatabase);
    expect(await run(own.key, own.id)).toEqual([]);
  });
}

test("connections have the required settings, whatever the defaults of database and role", async () => {
  const databaseUrl = await createEmptyDatabase();
  const name = new URL(databaseUrl).pathname.slice(1);
  for (const [setting, value] of Object.entries(strange)) {
    const given = sql`${sql.raw(setting)} = ${sql.lit(value)}`;
    await sql`alter role current_user in database ${sql.id(name)} set ${given}`.execute(testDatabase);
  }
  const settingsOf = async (address: string, timeouts = true) => {
    const client = createClient({ databaseUrl: address, poolMax: 1, applicationName: "test", timeouts });
    const found = await currentSettings(client);
    await client.destroy();
    return found;
  };
  expect(await settingsOf(databaseUrl)).toEqual(relied);
  const unlimited = { lock_timeout: "0", statement_timeout: "0", idle_in_transaction_session_timeout: "0" };
  expect(await settingsOf(databaseUrl, false)).toEqual({ ...relied, ...unlimited });
  // What the address asks for wins, but where the program relies on a setting.
  const options = encodeURIComponent("-c jit=on --statement-timeout=1s -c datestyle=German");
  expect(await settingsOf(`${databaseUrl}?options=${options}`)).toEqual({
    ...relied,
    jit: "on",
    statement_timeout: "1s",
  });
});

test.describe("functions", () => {
  test("have a search_path of their own: the schema that they are in", async () => {
    const { rows } = await sql<{ name: string; settings: string[] | null }>`
      select proname as name, proconfig as settings from pg_proc
      where pronamespace = 'public'::regnamespace
        -- Those of extensions aren't ours.
        and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')
      order by 1
    `.execute(testDatabase);
    expect(rows.length).toBeGreaterThan(6);
    const pinned = /^search_path=public, pg_temp$/;
    const open = rows.filter(({ settings }) => !settings?.some((setting) => pinned.test(setting)));
    // It runs with each progress update, and names the schema of what it uses.
    expect(open.map(({ name }) => name)).toEqual(["before_batch_job_update"]);
  });

  test("find their tables whatever the session's search_path", async () => {
    const id = uniqueId("org");
    await testDatabase.connection().execute(async (db) => {
      const run = (text: string) => sql.raw(text).execute(db);
      await run("set search_path = ''");
      try {
        await run(`insert into public.organizations (id, name) values ('${id}', 'X')`);
        await run(
          `insert into public.users (id, email, password_hash) values ('${id}', '${id}@example.com', 'x')`,
        );
        await run(`update public.users set password_hash = 'y' where id = '${id}'`);
        await run(`
          insert into public.batch_jobs (id, organization_id, name, status, agent_id, from_phone_number_id, total_contacts)
          select '${id}_' || n, '${id}', 'X', 'pending', 'a', 'p', 1 from generate_series(1, 3000) as n
        `);
        await run(`update public.batch_jobs set status = 'running', name = 'Y' where id = '${id}_1'`);
        await run(
          `update public.batch_jobs set created_at = '2025-01-01' where organization_id = '${id}' and id < '${id}_2'`,
        );
        await run(`delete from public.batch_jobs where id = '${id}_2'`);
        await run(`select public.fold_batch_job_counts('${id}')`);
        const { rows } =
          await sql`select count(*)::int as errors from public.batch_job_count_errors(${id})`.execute(db);
        expect(rows).toEqual([{ errors: 0 }]);
        await run(`delete from public.batch_jobs where organization_id = '${id}'`);
        await run(`delete from public.organizations where id = '${id}'`);
      } finally {
        await run("reset search_path");
      }
    });
  });
});

test.describe("one database", () => {
  test("can have two installations in two schemas, besides another program that uses Kysely", async ({
    workshop,
  }) => {
    const database = await createEmptyDatabase();
    const db = createClient({ databaseUrl: database, poolMax: 1, applicationName: "test" });
    await sql`create schema one`.execute(db);
    await sql`create schema two`.execute(db);
    for (const schema of ["public", "one"]) {
      await sql`create table ${sql.table(`${schema}.kysely_migration`)} (name text primary key, timestamp text)`.execute(
        db,
      );
      await sql`insert into ${sql.table(`${schema}.kysely_migration`)} values ('0001_start', '2025')`.execute(
        db,
      );
      await sql`create table ${sql.table(`${schema}.kysely_migration_lock`)} (id text, is_locked integer)`.execute(
        db,
      );
    }
    const name = new URL(database).pathname.slice(1);
    await sql`alter database ${sql.id(name)} set search_path = two`.execute(db);
    const installations = [
      `${database}?options=${encodeURIComponent("-c search_path=one,public")}`,
      database,
    ];
    for (const [at, DATABASE_URL] of installations.entries()) {
      const made = await workshop.admin({ DATABASE_URL }, [
        ...["organizations", "create", "--id", "org_x", "--name", `Name ${at}`],
      ]);
      expect([made.stderr, made.stdout]).toEqual([`Database migrated to ${schemaVersion}.\n`, "org_x\n"]);
    }
    // From a session of the other installation, too, functions keep to their own tables.
    for (const [at, schema] of ["one", "two"].entries()) {
      await sql`
        insert into ${sql.table(`${schema}.batch_jobs`)}
          (id, organization_id, name, status, agent_id, from_phone_number_id, total_contacts)
        select 'batch_' || n, 'org_x', 'X', 'pending', 'a', 'p', 1 from generate_series(1, ${3_000 + at}::int) as n
      `.execute(db);
    }
    for (const [at, databaseUrl] of installations.entries()) {
      const client = createClient({ databaseUrl, poolMax: 1, applicationName: "test" });
      const { rows } = await sql<{ name: string; pending: number; errors: number }>`
        select
          name,
          (select sum(pending)::int from batch_job_counts where period = 'all') as pending,
          (select count(*)::int from batch_job_count_errors('org_x')) as errors
        from organizations
      `.execute(client);
      expect(rows).toEqual([{ name: `Name ${at}`, pending: 3_000 + at, errors: 0 }]);
      await client.destroy();
    }
    const { rows } = await sql<{ place: string }>`
      select schemaname || '.' || tablename as place from pg_tables where tablename like '%migration%' order by 1
    `.execute(db);
    expect(rows.map(({ place }) => place)).toEqual([
      "one.batch_jobs_migrations",
      "one.batch_jobs_migrations_lock",
      "one.kysely_migration",
      "one.kysely_migration_lock",
      "public.kysely_migration",
      "public.kysely_migration_lock",
      "two.batch_jobs_migrations",
      "two.batch_jobs_migrations_lock",
    ]);
    await db.destroy();
  });

  test("without a usable schema is refused with an error message", async ({ workshop }) => {
    const database = await createEmptyDatabase();
    const DATABASE_URL = `${database}?options=${encodeURIComponent("-c search_path=absent")}`;
    const { status, stderr } = await workshop.admin({ DATABASE_URL }, ["organizations", "list"]);
    expect([status, stderr]).toEqual([
      1,
      "The search_path (absent) names no existing schema that this role may use. Create one, for example: create schema authorization current_user\n",
    ]);
  });
});

test.describe("the embedded database", () => {
  test("gives the server a role of its own, whose password doesn't work for the superuser", async ({
    workshop,
  }) => {
    const directory = `${workshop.directory}/data`;
    const rightsIn = async (databaseUrl: string) => {
      const client = createClient({ databaseUrl, poolMax: 1, applicationName: "test" });
      const { rows } = await sql<{ rights: string }>`
        select concat_ws(' ', session_user, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, pg_get_userbyid(datdba)) as rights
        from pg_roles, pg_database where rolname = session_user and datname = current_database()
      `.execute(client);
      await client.destroy();
      return rows[0]?.rights;
    };
    let postgres = await startOwnPostgres(directory, undefined, false);
    expect(await rightsIn(postgres.databaseUrl)).toBe("batch_jobs f f f f batch_jobs");
    const asSuperuser = new URL(postgres.databaseUrl);
    asSuperuser.username = "postgres";
    await expect(rightsIn(asSuperuser.href)).rejects.toThrow(/password authentication failed/);

    // As versions before had it.
    asSuperuser.password = "for-tests";
    const client = createClient({ databaseUrl: asSuperuser.href, poolMax: 1, applicationName: "test" });
    await sql`alter role batch_jobs superuser password 'for-tests'`.execute(client);
    await sql`create table kept (id text)`.execute(client);
    await client.destroy();
    await postgres.stop();
    postgres = await startOwnPostgres(directory, undefined, false);
    expect(await rightsIn(postgres.databaseUrl)).toBe("batch_jobs f f f f batch_jobs");
    await postgres.stop();
  });
});

test.describe("migrations", () => {
  test("run by eight instances at once are applied once, and none fails", async ({ workshop }) => {
    const DATABASE_URL = await createEmptyDatabase();
    const all = await Promise.all(
      Array.from({ length: 8 }, () => workshop.admin({ DATABASE_URL }, ["organizations", "list"])),
    );
    for (const { status, stdout, stderr } of all) {
      expect(["", `Database migrated to ${schemaVersion}.\n`]).toContain(stderr);
      expect(stdout).toBe("id\tname\tcreated\n");
      expect(status).toBe(0);
    }
    expect(
      all.filter(({ stderr }) => stderr !== ""),
      "one of them did the work",
    ).toHaveLength(1);
    const client = createClient({ databaseUrl: DATABASE_URL, poolMax: 1, applicationName: "test" });
    const { rows } = await sql<{
      name: string;
    }>`select name from batch_jobs_migrations order by name`.execute(client);
    expect(rows.map((row) => row.name)).toEqual([
      "0001-organizations-and-people",
      "0002-api-keys",
      "0003-batch-jobs",
      "0004-batch-job-counts",
      "0005-contacts-and-calls",
      "0006-batch-job-search",
      "0007-saved-views",
    ]);
    await client.destroy();
  });

  test("of a newer version are left unchanged, with a message", async ({ workshop }) => {
    const DATABASE_URL = await createEmptyDatabase();
    await workshop.admin({ DATABASE_URL }, ["organizations", "list"]);
    const client = createClient({ databaseUrl: DATABASE_URL, poolMax: 1, applicationName: "test" });
    await sql`insert into batch_jobs_migrations (name, timestamp) values ('9999-later', '')`.execute(client);
    const { status, stderr } = await workshop.admin({ DATABASE_URL }, ["organizations", "list"]);
    expect(status).toBe(1);
    const sentence = `The database schema (9999-later) is newer than this version of Batch Jobs (${schemaVersion}).`;
    expect(stderr).toBe(`${sentence} Upgrade Batch Jobs first.\n`);

    // During a rolling update an old instance may start again: it serves.
    const PORT = String(await freePort());
    const running = workshop.start({
      DATABASE_URL,
      PORT,
      NEXTAUTH_URL: `http://localhost:${PORT}`,
      NEXTAUTH_SECRET: secret,
    });
    await running.shows("Stop with Ctrl-C");
    expect(running.stderr).toBe(`${sentence} Continuing without migrating it.\n`);
    expect((await fetch(`http://localhost:${PORT}/health/ready`)).status).toBe(200);
    await client.destroy();
  });

  test("that fail because of stored data don't say what it is", async ({ workshop }) => {
    const DATABASE_URL = await createEmptyDatabase();
    await workshop.admin({ DATABASE_URL }, ["organizations", "list"]);
    const client = createClient({ databaseUrl: DATABASE_URL, poolMax: 1, applicationName: "test" });
    await sql`
      drop table saved_views;
      delete from batch_jobs_migrations where name = ${sql.lit(schemaVersion)};
      create function read_number() returns trigger language plpgsql as
        $$ begin perform (select 'call Ana Canary'::text || new.name)::integer; return new; end $$;
      create trigger read_number before insert on batch_jobs_migrations for each row execute function read_number();
    `.execute(client);
    await client.destroy();
    const PORT = String(await freePort());
    const NEXTAUTH_URL = `http://localhost:${PORT}`;
    const starting = workshop.start({ DATABASE_URL, PORT, NEXTAUTH_URL, NEXTAUTH_SECRET: secret });
    const { stderr } = await workshop.admin({ DATABASE_URL }, ["organizations", "list"]);
    expect(await starting.ended).toEqual({ status: 1, signal: null });
    const reason = 'invalid input syntax for type integer: "…"\n';
    expect([stderr, starting.stderr]).toEqual([reason, `DATABASE_URL cannot be used: ${reason}`]);
  });

  test("that are interrupted leave nothing behind, and can run again", async ({ workshop }) => {
    const DATABASE_URL = await createEmptyDatabase();
    const client = createClient({ databaseUrl: DATABASE_URL, poolMax: 1, applicationName: "test" });
    // In the way of the third migration: the first two must be undone with it.
    await sql`create table batch_jobs (id text)`.execute(client);
    const failed = await workshop.admin({ DATABASE_URL }, ["organizations", "list"]);
    expect(failed.status).toBe(1);
    const tables = await sql<{
      name: string | null;
    }>`select to_regclass('organizations')::text as name`.execute(client);
    expect(tables.rows[0]?.name).toBeNull();
    await sql`drop table batch_jobs`.execute(client);
    expect((await workshop.admin({ DATABASE_URL }, ["organizations", "list"])).status).toBe(0);
    await client.destroy();
  });
});

test.describe("an unusable DATABASE_URL is refused with an error message that does not contain its password", () => {
  const encode =
    "Percent-encode special characters in the password and other parts: / is %2F, # is %23, ? is %3F, @ is %40, : is %3A, % is %25";
  for (const [address, sentence] of Object.entries({
    "mysql://u:p@h/d": "must look like postgresql://user:password@host:5432/database",
    "postgresql://u:12/34@db.example.com/d": `is parsed as host "u". ${encode}`,
    "postgresql://u:a#b@db.example.com/d": `is parsed as host "u". ${encode}`,
    "postgresql://u:a?b@db.example.com/d": `is parsed as host "u". ${encode}`,
    "postgresql://u:a@b@db.example.com/d": `is parsed as host "db.example.com". ${encode}`,
    "postgresql://u:%ff@db.example.com/d": `is parsed as host "db.example.com". ${encode}`,
    "postgresql://u:p@db.example.com:x/d": `is parsed as host "db.example.com" and port "x". ${encode}`,
    "postgresql://u:p@one:5432,two:5432/d":
      "has several hosts (one:5432,two:5432), which is not supported. Use one, such as a pooler in front of the primary",
    "postgresql:///d?host=one,two":
      "has several hosts (one,two), which is not supported. Use one, such as a pooler in front of the primary",
    "postgresql://u:p@h/d?sslmode=prefer":
      "has sslmode=prefer, which is not supported. Use disable, no-verify, verify-ca, require or verify-full",
    "postgresql://u:p@h/d?sslmode=verify-ca": "has sslmode=verify-ca, which also requires sslrootcert=FILE",
    "postgresql://u:p@h/d?sslmode=no-verify&sslrootcert=system":
      "has both sslmode=no-verify and sslrootcert. Remove one of them",
    "postgresql://u:p@h/d?sslrootcert=/none.pem": "has sslrootcert=/none.pem, which cannot be read (ENOENT)",
    "postgresql://u:p@h/d?sslcert=/none.pem": "refers to the file /none.pem, which cannot be read (ENOENT)",
  })) {
    test(address, () => {
      const create = () => createClient({ databaseUrl: address, poolMax: 1, applicationName: "test" });
      expect(create).toThrow(new Error(sentence));
    });
  }
});

test("a database that cannot be used is explained, with the SQL that fixes it", async ({ workshop }) => {
  const direct = (await createEmptyDatabase()).replace(/[^/]*$/, "");
  const change = (find: RegExp, by: string) => `${direct}nowhere`.replace(find, by);
  const [latin, closed, bare] = ["latin", "closed", "bare"].map((name) => uniqueId(name));
  await sql`create database ${sql.id(latin ?? "")} encoding 'LATIN1' locale 'C' template template0`.execute(
    testDatabase,
  );
  for (const [name, statement] of [
    [closed, sql`revoke create on schema public from pg_database_owner, public`],
    [bare, sql`drop schema public`],
  ] as const) {
    await sql`create database ${sql.id(name ?? "")}`.execute(testDatabase);
    const client = createClient({ databaseUrl: direct + name, poolMax: 1, applicationName: "test" });
    await statement.execute(client);
    await client.destroy();
  }
  const sentences: Record<string, string> = {
    [`${direct}nowhere`]: `database "nowhere" does not exist. As a superuser, run: create database "nowhere" owner "batch_jobs" encoding 'UTF8' template template0;`,
    [change(/:[^:@]*@/, ":wrong@")]:
      'password authentication failed for user "batch_jobs". As a superuser, run: ' +
      `alter role "batch_jobs" login password '…'; or, if the role does not exist: create role "batch_jobs" login password '…';`,
    [change(/:[^:@]*@/, "@")]:
      "The server requires a password, but the address has none. Use postgresql://user:password@host:5432/database",
    [direct + closed]:
      `permission denied for schema public. As a superuser, run in the database "${closed}": grant usage, create on schema "public" to "batch_jobs";`,
    [direct + bare]:
      'The search_path ("$user", public) names no existing schema that this role may use. Create one, for example: create schema authorization current_user',
    [direct + latin]:
      `The database "${latin}" has the encoding LATIN1, but Batch Jobs requires UTF8. Create another database: create database … encoding 'UTF8' template template0;`,
  };
  await Promise.all(
    Object.entries(sentences).map(async ([DATABASE_URL, sentence]) => {
      const { status, stderr } = await workshop.admin({ DATABASE_URL }, ["organizations", "list"]);
      expect([status, stderr]).toEqual([1, `${sentence}\n`]);
    }),
  );
});

test("a start on the operator's empty database seeds nothing and shows no login or key", async ({
  workshop,
}) => {
  const DATABASE_URL = await createEmptyDatabase();
  const PORT = String(await freePort());
  const running = workshop.start({
    DATABASE_URL,
    PORT,
    NEXTAUTH_URL: "https://jobs.example.com",
    NEXTAUTH_SECRET: secret,
  });
  await running.shows("Stop with Ctrl-C");
  expect(running.stdout).toContain("Batch Jobs is running: https://jobs.example.com");
  expect(running.stdout + running.stderr).not.toMatch(/demo|password|tk_live_|curl/i);
  const client = createClient({ databaseUrl: DATABASE_URL, poolMax: 1, applicationName: "test" });
  for (const table of ["organizations", "users", "memberships", "api_keys", "batch_jobs"] as const) {
    expect(await client.selectFrom(table).selectAll().execute(), table).toEqual([]);
  }
  await client.destroy();
});

test("without pg_trgm, which this role may not create, jobs are found by the same words", async ({
  workshop,
}) => {
  const DATABASE_URL = await createEmptyDatabase();
  const name = new URL(DATABASE_URL).pathname.slice(1);
  await sql`revoke create on database ${sql.id(name)} from current_user, public`.execute(testDatabase);
  const key = makeApiKey();
  await fillDatabase(
    DATABASE_URL,
    schemaVersion,
    `insert into organizations (id, name) values ('org_a', 'A');
    insert into api_keys (id, organization_id, name, key_hash, key_start, key_last_four)
    values ('key_a', 'org_a', 'A', sha256('${key}'), '${key.slice(0, 12)}', '${key.slice(-4)}');
    insert into batch_jobs (id, organization_id, name, status, agent_id, from_phone_number_id, total_contacts)
    select 'job_' || n, 'org_a', case n when 9 then 'Été à Łódź' else 'Renewal ' || n end, 'pending', 'a', 'p', 1
    from generate_series(1, 11000) as n`,
  );
  const db = createClient({ databaseUrl: DATABASE_URL, poolMax: 1, applicationName: "test" });
  const extensions = await sql<{ name: string }>`select extname as name from pg_extension`.execute(db);
  expect(extensions.rows).toEqual([{ name: "plpgsql" }]);
  await db.destroy();
  const PORT = String(await freePort());
  const NEXTAUTH_URL = `http://localhost:${PORT}`;
  const running = workshop.start({ DATABASE_URL, PORT, NEXTAUTH_URL, NEXTAUTH_SECRET: secret });
  await running.shows("Stop with Ctrl-C");
  const found = async (q: string) => {
    const response = await fetch(
      `${NEXTAUTH_URL}/batch/jobs?organizationId=org_a&q=${encodeURIComponent(q)}`,
      { headers: { "x-api-key": key } },
    );
    expect(response.status).toBe(200);
    const { total, totalIsExact } = await response.json();
    return [total, totalIsExact];
  };
  expect(await found("lodz")).toEqual([1, true]);
  expect(await found("à")).toEqual([1, true]);
  expect(await found("renewal")).toEqual([10_000, false]);
  expect(await found("RENEWAL 1099")).toEqual([11, true]);
  expect(await found("newa")).toEqual([10_000, false]);
  expect(await found("zebra")).toEqual([0, true]);
});
