import { setTimeout as delay } from "node:timers/promises";
import type { Kysely } from "kysely";
import { createClient } from "@/db/client";
import { isTransient } from "@/db/failure";
import { migrate, NewerSchemaError, UnsuitableDatabaseError } from "@/db/migrate";
import type { Database } from "@/db/schema";
import { explainDatabaseError } from "./explain-database-error";

/** Migrates the client's database, and reports migrations. @throws as migrate does. */
export async function migrateClient(client: Kysely<Database>): Promise<void> {
  const applied = await migrate(client);
  if (applied.length > 0) console.error(`Database migrated to ${applied.at(-1)}.`);
}

/**
 * Migrates a database, unless its schema is newer: during a rolling update an instance of the old version may start
 * again, and it can serve a newer schema.
 *
 * @throws when a migration fails, or the database is unavailable.
 */
export async function migrateDatabase(databaseUrl: string): Promise<void> {
  const client = createClient({
    databaseUrl,
    poolMax: 2,
    applicationName: "batch-jobs migrations",
    timeouts: false,
  });
  try {
    await migrateClient(client);
  } catch (error) {
    if (!(error instanceof NewerSchemaError)) throw error;
    console.error(`${error.message} Continuing without migrating it.`);
  } finally {
    await client.destroy();
  }
}

/**
 * Does the same, but reports an unavailable database and returns false.
 * @throws for every failure that is not transient.
 */
export async function tryMigrateDatabase(databaseUrl: string): Promise<boolean> {
  try {
    await migrateDatabase(databaseUrl);
    return true;
  } catch (error) {
    if (error instanceof UnsuitableDatabaseError) throw error;
    if (!isTransient(error)) {
      throw new Error(`DATABASE_URL cannot be used: ${explainDatabaseError(error, databaseUrl)}`);
    }
    const { message, code } = error as Error & { code?: string };
    // Node's own errors may have no message; a server's message says more than its code.
    const reason = code?.startsWith("E") || message === "" ? code : message;
    console.error(`The database is not responding (${reason}). Retrying until it does.`);
    return false;
  }
}

/** Retries every few seconds until the database is migrated. @throws for a failure that is not transient. */
export async function retryMigrateDatabase(databaseUrl: string): Promise<void> {
  do await delay(3_000, undefined, { ref: false });
  while (!(await tryMigrateDatabase(databaseUrl)));
}
