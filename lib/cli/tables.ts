import { setTimeout as delay } from "node:timers/promises";
import type { Kysely } from "kysely";
import { checkServer, UnsuitableDatabaseError } from "@/db/check-server";
import { createClient } from "@/db/client";
import { isDatabaseAway } from "@/db/failure";
import { migrate, NewerSchemaError } from "@/db/migrate";
import type { Database } from "@/db/schema";
import { explainDatabaseError } from "./explain-database-error";

/** Migrates, and says so where there was something to do. @throws as checkServer and migrate do. */
export async function bringUpTables(client: Kysely<Database>): Promise<void> {
  await checkServer(client);
  const applied = await migrate(client);
  if (applied.length > 0) console.error(`Database migrated to ${applied.at(-1)}.`);
}

/**
 * Brings a database's tables up to this version. Newer ones are left and said: during a rolling update an
 * old instance may start again, and it can serve them.
 *
 * @throws when a migration fails, or the database is away.
 */
export async function prepareTables(databaseUrl: string): Promise<void> {
  const client = createClient({
    databaseUrl,
    poolMax: 2,
    applicationName: "batch-jobs migrations",
    patient: true,
    onIdleError: () => {},
  });
  try {
    await bringUpTables(client);
  } catch (error) {
    if (!(error instanceof NewerSchemaError)) throw error;
    console.error(`${error.message} It is served as it is.`);
  } finally {
    await client.destroy();
  }
}

/**
 * The same for a database that may be away: says so and returns false at once.
 * @throws for every failure that does not pass by itself.
 */
export async function tryToPrepareTables(databaseUrl: string): Promise<boolean> {
  try {
    await prepareTables(databaseUrl);
    return true;
  } catch (error) {
    if (error instanceof UnsuitableDatabaseError) throw error;
    if (!isDatabaseAway(error)) {
      throw new Error(`DATABASE_URL cannot be used: ${explainDatabaseError(error, databaseUrl)}`);
    }
    const { message, code } = error as Error & { code?: string };
    // Node's own errors may have no message; a server's words tell more than its code.
    const reason = code?.startsWith("E") || message === "" ? code : message;
    console.error(`The database at DATABASE_URL isn’t responding (${reason}). Retrying until it does.`);
    return false;
  }
}

/** Tries every few seconds until it is done. @throws for a failure that does not pass by itself. */
export async function keepTryingToPrepareTables(databaseUrl: string): Promise<void> {
  do await delay(3_000, undefined, { ref: false });
  while (!(await tryToPrepareTables(databaseUrl)));
}
