import { type Kysely, type Migration, Migrator, sql } from "kysely";
import * as organizationsAndPeople from "./migrations/0001-organizations-and-people";
import * as apiKeys from "./migrations/0002-api-keys";
import * as batchJobs from "./migrations/0003-batch-jobs";
import * as batchJobCounts from "./migrations/0004-batch-job-counts";
import type { Database } from "./schema";

/** In the order they run. A migration that has landed is never edited: add the next number. */
const migrations: Record<string, Migration> = {
  "0001-organizations-and-people": organizationsAndPeople,
  "0002-api-keys": apiKeys,
  "0003-batch-jobs": batchJobs,
  "0004-batch-job-counts": batchJobCounts,
};

const names = Object.keys(migrations);

/** The name of the newest migration this program knows. */
export const schemaVersion = names[names.length - 1] as string;

/** The database has tables of a newer version of this program: it can be served, but not migrated. */
export class NewerSchemaError extends Error {
  constructor(found: string) {
    super(
      `The database is at version ${found}, made by a newer Batch Jobs than this one (${schemaVersion}).`,
    );
  }
}

/** Names of our own: Kysely's default ones may belong to another program that uses the same database. */
const tables = {
  migrationTableName: "batch_jobs_migrations",
  migrationLockTableName: "batch_jobs_migrations_lock",
};

/**
 * Kysely's migrator for the schema that the connection creates tables in. Other schemas of the database may
 * have an installation of their own.
 *
 * @throws when search_path names no schema that exists and that this role may use.
 */
export async function migratorOf(db: Kysely<Database>): Promise<Migrator> {
  const { rows } = await sql<{ schema: string | null; path: string }>`
    select current_schema() as schema, current_setting('search_path') as path
  `.execute(db);
  const { schema = null, path = "" } = rows[0] ?? {};
  if (schema === null) {
    throw new Error(
      `No schema of search_path (${path}) exists and may be used by this role. Create one, for example: create schema batch_jobs authorization current_user`,
    );
  }
  const provider = { getMigrations: async () => migrations };
  return new Migrator({ db, provider, migrationTableSchema: schema, ...tables });
}

/**
 * Brings the tables up to this program's version: all or nothing, in one transaction, under a lock of
 * the database, so that any number of instances may call it at once and one of them does the work.
 *
 * @param db a patient client of two connections at least: the others wait for the lock as long as the work takes.
 * @returns the names of the migrations that this call applied.
 * @throws NewerSchemaError, or whatever makes a migration fail.
 */
export async function migrate(db: Kysely<Database>): Promise<string[]> {
  const found = await findSchemaVersion(db);
  if (found !== undefined && found > schemaVersion) {
    throw new NewerSchemaError(found);
  }
  // Held by a transaction beside the one of the migrations: behind a connection pooler a lock of the session would be
  // left in a session that others use.
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
 * @throws when the database cannot be asked.
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
