import { type Kysely, type Migration, Migrator, sql } from "kysely";
import * as organizationsAndPeople from "./migrations/0001-organizations-and-people";
import * as apiKeys from "./migrations/0002-api-keys";
import * as batchJobs from "./migrations/0003-batch-jobs";
import * as batchJobCounts from "./migrations/0004-batch-job-counts";
import * as contactsAndCalls from "./migrations/0005-contacts-and-calls";
import * as batchJobSearch from "./migrations/0006-batch-job-search";
import * as savedViews from "./migrations/0007-saved-views";
import type { Database } from "./schema";

/** In the order they run. Never edit a migration that has been released: add the next one. */
const migrations: Record<string, Migration> = {
  "0001-organizations-and-people": organizationsAndPeople,
  "0002-api-keys": apiKeys,
  "0003-batch-jobs": batchJobs,
  "0004-batch-job-counts": batchJobCounts,
  "0005-contacts-and-calls": contactsAndCalls,
  "0006-batch-job-search": batchJobSearch,
  "0007-saved-views": savedViews,
};

const names = Object.keys(migrations);

/** The name of this version's newest migration. */
export const schemaVersion = names[names.length - 1] as string;

const oldestMajor = 15;

/** The database responds, but cannot be used. The message is a sentence that says what to do. */
export class UnsuitableDatabaseError extends Error {}

/** The database was migrated by a newer version of this program: it can be served, but not migrated. */
export class NewerSchemaError extends Error {
  constructor(found: string) {
    super(`The database schema (${found}) is newer than this version of Batch Jobs (${schemaVersion}).`);
  }
}

/** Kysely's default names may belong to another program that uses the same database. */
const tables = {
  migrationTableName: "batch_jobs_migrations",
  migrationLockTableName: "batch_jobs_migrations_lock",
};

/**
 * Kysely's migrator for the connection's current schema. Other schemas may have installations of their own.
 *
 * @throws when search_path names no existing schema that this role may use.
 */
export async function migratorOf(db: Kysely<Database>): Promise<Migrator> {
  const { rows } = await sql<{ schema: string | null; path: string }>`
    select current_schema() as schema, current_setting('search_path') as path
  `.execute(db);
  const { schema = null, path = "" } = rows[0] ?? {};
  if (schema === null) {
    throw new Error(
      `The search_path (${path}) names no existing schema that this role may use. Create one, for example: create schema authorization current_user`,
    );
  }
  const provider = { getMigrations: async () => migrations };
  return new Migrator({ db, provider, migrationTableSchema: schema, ...tables });
}

/**
 * Migrates the database to this version: all or nothing, in one transaction, under a lock, so that any number of
 * instances may call it at once.
 *
 * @param db a client without timeouts and with at least two connections.
 * @returns the names of the migrations that this call applied.
 * @throws UnsuitableDatabaseError when the server is too old, or the database's encoding is not UTF8.
 * @throws NewerSchemaError, or the error of a migration that fails.
 */
export async function migrate(db: Kysely<Database>): Promise<string[]> {
  await checkServer(db);
  const found = await findSchemaVersion(db);
  if (found !== undefined && found > schemaVersion) {
    throw new NewerSchemaError(found);
  }
  // The lock belongs to a second transaction: behind a connection pooler a session's lock would outlive this call.
  const { results = [] } = await db.transaction().execute(async (lock) => {
    await sql`select pg_advisory_xact_lock(hashtext('batch-jobs migrations'))`.execute(lock);
    const migrator = await migratorOf(db);
    const done = await migrator.migrateToLatest();
    if (done.error) throw done.error;
    return done;
  });
  return results.filter((result) => result.status === "Success").map((result) => result.migrationName);
}

/**
 * The newest migration applied to the connection's schema, or undefined when there is none.
 * @throws when the query fails.
 */
export async function findSchemaVersion(db: Kysely<Database>): Promise<string | undefined> {
  const { rows } = await sql<{ made: boolean }>`
    select to_regclass(quote_ident(current_schema()) || '.batch_jobs_migrations') is not null as made
  `.execute(db);
  if (!rows[0]?.made) return undefined;
  const newest = await sql<{ name: string }>`
    select name from batch_jobs_migrations order by name desc limit 1
  `.execute(db);
  return newest.rows[0]?.name;
}

async function checkServer(db: Kysely<Database>): Promise<void> {
  const { rows } = await sql<{ name: string; encoding: string; version: string; major: number }>`
    select current_database() as name, current_setting('server_encoding') as encoding,
      current_setting('server_version') as version, current_setting('server_version_num')::int / 10000 as major
  `.execute(db);
  for (const { name, encoding, version, major } of rows) {
    if (major < oldestMajor) {
      throw new UnsuitableDatabaseError(
        `PostgreSQL ${version} is too old. Batch Jobs requires PostgreSQL ${oldestMajor} or newer.`,
      );
    }
    if (encoding !== "UTF8") {
      throw new UnsuitableDatabaseError(
        `The database "${name}" has the encoding ${encoding}, but Batch Jobs requires UTF8. ` +
          "Create another database: create database … encoding 'UTF8' template template0;",
      );
    }
  }
}
