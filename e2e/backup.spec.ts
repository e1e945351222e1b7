import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { type Kysely, sql } from "kysely";
import type { PoolClient } from "pg";
import { createClient, createPool } from "@/db/client";
import {
  createEmptyDatabase,
  createOldDatabase,
  fillDatabase,
  readBackup,
  restoreBackup,
  schemaVersion,
} from "@/db/fixtures-postgres";
import type { Database } from "@/db/schema";
import { startDebianPostgres } from "./debian-postgres";
import { expect, test } from "./process";

/** Tables of which a backup has nothing, and why. */
const leftOut: Record<string, string> = {
  batch_jobs_migrations: "made by migrations",
  batch_jobs_migrations_lock: "made by migrations",
  batch_job_counts: "filled by triggers",
  dialers: "ask again",
  flash_secrets: "shown within a minute",
  idempotency_keys: "of the last day",
  sessions: "people sign in again",
  sign_in_attempts: "of the last minutes",
};
const tables = [
  ...[
    "organizations",
    "users",
    "memberships",
    "api_keys",
    "invitations",
    "phone_numbers",
    "organization_calling",
    "saved_views",
  ],
  ...["batch_jobs", "batch_contacts", "batch_calls"],
];

/** Something for every table, with values that a line of text could not hold as they are. */
const data = `
  insert into organizations (id, name) values ('org_x', 'Tab\t, line\nend, \\. and \\N'), ('org_y', 'Y');
  insert into users (id, email, password_hash, name, last_organization_id, time_zone) values
    ('user_1', 'ana@example.com', 'x', '\u2028\u{1F4DE} Ana', 'org_x', 'Asia/Kolkata'),
    ('user_2', 'bo@example.com', 'x', null, null, null);
  insert into memberships (organization_id, user_id, role) values ('org_x', 'user_1', 'owner'), ('org_y', 'user_1', 'member');
  insert into saved_views (organization_id, user_id, name, query) values ('org_x', 'user_1', 'Failed', 'status=failed');
  insert into api_keys (id, organization_id, name, key_hash, key_start, key_last_four, successor_id, created_by_user_id)
    select 'key_' || n, 'org_x', 'K', sha256(n::text::bytea), 'tk', 'abcd', case n when 1 then 'key_2' end, 'user_1'
    from generate_series(1, 2) as n;
  insert into invitations (id, organization_id, email, role, token_hash, expires_at)
    values ('i', 'org_y', 'cy@example.com', 'member', sha256('t'), now() + interval '7 days');
  insert into batch_jobs (id, organization_id, name, description, status, agent_id, from_phone_number_id, total_contacts, retry_retryable_statuses, created_at)
    select 'batch_' || n, 'org_x', 'a\r\n\\.\n"b"', case when n % 2 = 0 then '' end, 'running', 'a', 'p', n,
      case when n % 2 = 0 then '{}'::text[] else '{busy,no_answer}' end, '2025-03-04 05:06:07Z'::timestamptz + n * interval '1 minute'
    from generate_series(1, 3000) as n;
  insert into phone_numbers (organization_id, id, phone_number, agent_id) values ('org_x', 'p', '+12025550100', 'a');
  insert into organization_calling (organization_id, concurrent_call_limit) values ('org_x', 9);
  insert into batch_contacts (organization_id, batch_job_id, position, phone_number, contact_data)
    values ('org_x', 'batch_1', 1, '+12025550101', '{"phone": "+12025550101", "name": "a\\tb"}');
  insert into batch_calls (organization_id, id, batch_job_id, position, phone_number, attempt, previous_status, dialer, lease_until)
    values ('org_x', 'call_1', 'batch_1', 1, '+12025550101', 1, 'pending', 'd', now());
  insert into sessions (token_hash, user_id, expires_at) values (sha256('s'), 'user_1', now() + interval '1 day');
`;

/** A database with these data. */
const createFullDatabase = () => createOldDatabase(schemaVersion, data);

/** All rows of all tables that a backup has. */
async function rowsOf(databaseUrl: string): Promise<Record<string, unknown[]>> {
  const db = createClient({
    databaseUrl: `${databaseUrl}?options=-ctimezone%3DUTC`,
    poolMax: 1,
    applicationName: "test",
  });
  const found: Record<string, unknown[]> = {};
  for (const table of tables) {
    const { rows } = await sql<{ row: unknown }>`
      select to_jsonb(one) - '{updated_xid,settled_xid}'::text[] as row from ${sql.table(table)} as one order by to_jsonb(one)::text
    `.execute(db);
    found[table] = rows.map(({ row }) => row);
  }
  await db.destroy();
  return found;
}

async function use<T>(databaseUrl: string, run: (db: Kysely<Database>) => Promise<T>): Promise<T> {
  const db = createClient({ databaseUrl, poolMax: 2, applicationName: "test", timeouts: false });
  return run(db).finally(() => db.destroy());
}

async function expectRightCounts(databaseUrl: string): Promise<void> {
  const { rows } = await use(databaseUrl, (db) =>
    sql`select count(*)::int as errors from batch_job_count_errors('org_x')`.execute(db),
  );
  expect(rows).toEqual([{ errors: 0 }]);
}

/** Runs something on a plain connection, as the commands do. */
async function connected<T>(databaseUrl: string, run: (client: PoolClient) => Promise<T>): Promise<T> {
  const pool = createPool({ databaseUrl, poolMax: 1, applicationName: "test", timeouts: false });
  const client = await pool.connect();
  try {
    return await run(client);
  } finally {
    client.release(true);
    await pool.end();
  }
}

const backupOf = (databaseUrl: string) =>
  connected(databaseUrl, (client) => text(readBackup(client, new Map())));

async function* inPieces(content: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
}

const withoutTime = (backup: string) => backup.replace(/^-- taken .*$/m, "");

test("a backup can be restored into the embedded database and into another one", async ({ workshop }) => {
  test.setTimeout(120_000);
  const from = await createFullDatabase();
  const name = new URL(from).pathname.slice(1);
  await use(from, async (db) => {
    await sql`alter database ${sql.id(name)} set datestyle = 'German'`.execute(db);
    await sql`alter database ${sql.id(name)} set timezone = 'Asia/Kolkata'`.execute(db);
  });
  const file = `${workshop.directory}/backup.sql`;
  await writeFile(file, "the backup before", { mode: 0o644 });
  const summary = "2 organizations, 2 users, 2 API keys, 3,000 jobs.\n";
  const made = await workshop.admin({ DATABASE_URL: from }, ["backup", file]);
  expect([made.status, made.stdout, made.stderr]).toEqual([0, "", `Backed up ${summary}`]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(workshop.directory)).toEqual(["backup.sql"]);
  const before = await rowsOf(from);

  const to = await createEmptyDatabase();
  const ofNothing = await workshop.admin({ DATABASE_URL: to }, [
    "backup",
    `${workshop.directory}/nothing.sql`,
  ]);
  expect([ofNothing.status, ofNothing.stderr]).toEqual([1, "The database has no Batch Jobs tables.\n"]);
  const restored = await workshop.admin({ DATABASE_URL: to }, ["restore", file]);
  expect([restored.status, restored.stdout]).toEqual([0, ""]);
  expect(restored.stderr).toMatch(new RegExp(`\nRestored ${summary}$`));
  expect(await rowsOf(to)).toEqual(before);

  await use(to, async (db) => {
    await sql`insert into organizations (id, name) values ('org_later', 'Later')`.execute(db);
    await sql`insert into sessions (token_hash, user_id, expires_at) values (sha256('later'), 'user_1', now() + interval '1 day')`.execute(
      db,
    );
  });
  const replaced = await workshop.admin(
    { DATABASE_URL: to },
    ["restore", "--replace", "-"],
    await readFile(file),
  );
  expect([replaced.status, replaced.stderr]).toEqual([0, `Restored ${summary}`]);
  expect(await rowsOf(to)).toEqual(before);
  await expectRightCounts(to);
  expect(await use(to, (db) => db.selectFrom("sessions").select("id").execute())).toEqual([]);

  const embedded = { DATA_DIR: `${workshop.directory}/data` };
  expect((await workshop.admin(embedded, ["restore", file])).status).toBe(0);
  const { stdout } = await workshop.admin(embedded, ["backup", "-"]);
  expect(withoutTime(stdout)).toBe(withoutTime(await readFile(file, "utf8")));
});

test("a backup has every table except those that are derived or short-lived", async () => {
  const database = await createFullDatabase();
  const backup = await backupOf(database);
  const found = [...backup.matchAll(/^copy (\w+) \(/gm)].map(([, table]) => table);
  expect(found).toEqual(tables);
  const { rows } = await use(database, (db) =>
    sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'public'`.execute(db),
  );
  expect(rows.map(({ name }) => name).sort()).toEqual([...tables, ...Object.keys(leftOut)].sort());
});

test("a backup is a single snapshot, whatever is written meanwhile", async () => {
  const database = await createFullDatabase();
  const before = withoutTime(await backupOf(database));
  const backup = await connected(database, async (client) => {
    let all = "";
    for await (const piece of readBackup(client, new Map())) {
      all += piece;
      if (all.endsWith("copy organizations (created_at, id, name, updated_at) from stdin;\n")) {
        await use(database, async (db) => {
          await sql`insert into organizations (id, name) values ('org_new', 'New')`.execute(db);
          await sql`update batch_jobs set organization_id = 'org_new', status = 'failed' where id = 'batch_7'`.execute(
            db,
          );
        });
      }
    }
    return all;
  });
  expect(withoutTime(backup)).toBe(before);
});

test.describe("nothing is restored", () => {
  const row = /^2025-03-04 05:07:07\+00\t|\t2025-03-04 05:07:07\+00\t/m;
  const damages: Record<string, { damage: (backup: string) => string; sentence: RegExp }> = {
    "from an empty file": {
      damage: () => "",
      sentence: /^The backup is incomplete: it ends after line 0\.$/,
    },
    "from another file": {
      damage: () => "x".repeat(200_000),
      sentence: /^This is not a backup of Batch Jobs\.$/,
    },
    "of another version": {
      damage: (backup) => backup.replace(schemaVersion, "0001-old"),
      sentence:
        /^The backup has the schema version 0001-old, but this version of Batch Jobs has .*\. Restore it with the version that created it, then upgrade\.$/,
    },
    "of a table less": {
      damage: (backup) => backup.replace(/^copy memberships [\s\S]*?^-- rows.*\n/m, ""),
      sentence: /expected the start of table memberships, got "copy api_keys/,
    },
    "of a table more": {
      damage: (backup) =>
        backup.replace(
          "-- end of the backup",
          "copy secrets (id) from stdin;\n\\.\n-- rows 0\n-- end of the backup",
        ),
      sentence: /expected "-- end of the backup", got "copy secrets/,
    },
    "with a column more": {
      damage: (backup) => backup.replace("copy users (", "copy users (admin, "),
      sentence: /expected the start of table users/,
    },
    "with a row less": {
      damage: (backup) => backup.replace(/^.*bo@example\.com.*\n/m, ""),
      sentence: /expected "-- rows 1", got "-- rows 2"/,
    },
    "with a row twice": {
      damage: (backup) => backup.replace(/^(.*bo@example\.com.*\n)/m, "$1$1"),
      sentence: /^Failed to restore (line \d+|table users): duplicate key value/,
    },
    "with a value that cannot be": {
      damage: (backup) => backup.replace(row, (found) => found.replace("2025-03", "2025-13")),
      sentence: /^Failed to restore line \d+: date\/time field value out of range/,
    },
    "with a row of nobody": {
      damage: (backup) => backup.replace(/\torg_y\tmember\t/, "\torg_z\tmember\t"),
      sentence: /^Failed to restore table memberships: .*foreign key/,
    },
    "when something follows": {
      damage: (backup) => `${backup}\n`,
      sentence: /^Unexpected content after the end/,
    },
  };

  test("from a damaged backup or into a database in use, with an error that says where", async () => {
    const [from, to] = [await createFullDatabase(), await createOldDatabase(schemaVersion, "select 1")];
    const backup = await backupOf(from);
    const restore = (content: string, database = to, replace = false) =>
      connected(database, (client) => restoreBackup(client, inPieces(content), replace)).then(
        () => "restored",
        (error: Error) => error.message,
      );
    for (const [name, { damage, sentence }] of Object.entries(damages)) {
      expect(damage(backup) === backup, name).toBe(false);
      expect(await restore(damage(backup)), name).toMatch(sentence);
    }
    // Cut off anywhere: at both ends, and in the middle of what is between.
    const places = [1, 60, 80, 200, 700, 2_000, 50_000, backup.length - 25, backup.length - 1];
    for (const length of places) {
      expect(await restore(backup.slice(0, length)), `${length}`).toMatch(
        /^The backup is incomplete: it ends after line \d+\.$/,
      );
    }
    const before = await rowsOf(from);
    expect(await restore(backup.slice(0, -1), from, true)).toMatch(/incomplete/);
    expect(await rowsOf(from), "with --replace").toEqual(before);
    const { organizations, batch_jobs } = await rowsOf(to);
    expect([organizations, batch_jobs]).toEqual([[], []]);
    expect(await restore(backup)).toBe("restored");
    expect(await restore(backup)).toBe(
      "The database is not empty: organizations has rows. Restore into another database, or use --replace to delete all data in this one.",
    );
  });
});

test("a failed backup leaves the previous one unchanged", async ({ workshop }) => {
  const database = await createFullDatabase();
  const file = `${workshop.directory}/backup.sql`;
  await writeFile(file, "the backup before");
  await use(database, (db) =>
    db.transaction().execute(async (transaction) => {
      await sql`lock table batch_jobs`.execute(transaction);
      const backup = workshop.admin({ DATABASE_URL: database }, ["backup", file]);
      await expect
        .poll(
          async () => {
            const { rows } = await sql<{ ended: boolean }>`
            select pg_terminate_backend(pid) as ended from pg_stat_activity
            where wait_event_type = 'Lock' and query like 'copy batch_jobs%' and datname = current_database()
          `.execute(db);
            return rows.length;
          },
          { timeout: 30_000 },
        )
        .toBe(1);
      expect((await backup).status).toBe(1);
      expect((await backup).stderr).toMatch(/^The database is not responding .*\n$/);
    }),
  );
  expect(await readFile(file, "utf8")).toBe("the backup before");
  expect(await readdir(workshop.directory)).toEqual(["backup.sql"]);
});

test("a closed pipe ends a backup with an error message", async ({ workshop }) => {
  const DATABASE_URL = await createFullDatabase();
  const backup = workshop.start({ DATABASE_URL }, [
    ...[process.execPath, "lib/cli/run.mjs", "admin", "backup", "-"],
  ]);
  backup.child.stdout?.once("data", () => backup.child.stdout?.destroy());
  expect((await backup.ended).status).toBe(1);
  expect(backup.stderr).toBe("Standard output was closed before the backup was complete.\n");
});

test("pg_dump and pg_restore work for the whole database, for data alone and for another owner", async ({
  workshop,
}) => {
  test.setTimeout(180_000); // for installing them
  const postgres = await startDebianPostgres();
  try {
    const from = postgres.createDatabase("from_here", "plain");
    await fillDatabase(from, schemaVersion, data);
    const before = await rowsOf(from);
    const [whole, onlyData] = [`${workshop.directory}/whole.sql`, `${workshop.directory}/data.sql`];
    const restore = (file: string, to: string) =>
      postgres.run("psql", ["-v", "ON_ERROR_STOP=1", "--single-transaction", "-f", file, to]);
    const dumpWhole = ["--no-owner", "--no-privileges", "-f", whole, from];
    const dumpData = [
      ...[
        "--data-only",
        "--exclude-table=batch_job_*",
        "--exclude-table=batch_jobs_migrations*",
        "-f",
        onlyData,
        from,
      ],
    ];
    for (const words of [dumpWhole, dumpData]) expect(postgres.run("pg_dump", words).status).toBe(0);

    for (const role of ["plain", "postgres"] as const) {
      const filled = postgres.createDatabase(`data_for_${role}`, role);
      await fillDatabase(filled, schemaVersion, "select 1");
      for (const [file, to] of [
        [whole, postgres.createDatabase(`whole_for_${role}`, role)],
        [onlyData, filled],
      ] as const) {
        expect(restore(file, to)).toMatchObject({ status: 0, stderr: "" });
        expect(await rowsOf(to), `${file} as ${role}`).toEqual(before);
        await expectRightCounts(to);
        // Functions keep their search_path.
        await use(to, (db) =>
          sql`set search_path = ''; update public.batch_jobs set status = 'failed' where id = 'batch_1'; reset search_path`.execute(
            db,
          ),
        );
        await expectRightCounts(to);

        const again = restore(file, to);
        expect(again.status, "over what is there").toBe(3);
        expect(again.stderr).toMatch(/ERROR: {2}(type|relation|function|duplicate key)/);
        await expectRightCounts(to);
      }
    }
  } finally {
    await postgres.stop();
  }
});
