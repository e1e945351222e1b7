import { readFile } from "node:fs/promises";
import path from "node:path";
import { sql } from "kysely";
import { createClient } from "./client";
import { urlOf } from "./embedded/connection";
import { type EmbeddedPostgres, startEmbedded } from "./embedded/start";
import { testDatabase, uniqueId } from "./fixtures";
import { migratorOf } from "./migrate";

export { readBackup, restoreBackup } from "./backup";
export { findFreePort as freePort } from "./embedded/server";
export { schemaVersion } from "./migrate";

/** The address of an empty database of the test's own, beside the suite's. */
export async function createEmptyDatabase(): Promise<string> {
  const name = uniqueId("test");
  await sql`create database ${sql.id(name)}`.execute(testDatabase);
  const url = new URL(process.env.DATABASE_URL ?? "");
  url.pathname = `/${name}`;
  return url.href;
}

/**
 * The address of a database as an older version of the program left it.
 *
 * @param migration the last one that was applied to it.
 * @param sqlText what was written to it then.
 */
export async function createOldDatabase(migration: string, sqlText: string): Promise<string> {
  const databaseUrl = await createEmptyDatabase();
  await fillDatabase(databaseUrl, migration, sqlText);
  return databaseUrl;
}

/** Does the same to an empty database that is there already. */
export async function fillDatabase(databaseUrl: string, migration: string, sqlText: string): Promise<void> {
  const client = createClient({ databaseUrl, poolMax: 1, applicationName: "test", patient: true });
  const { error } = await (await migratorOf(client)).migrateTo(migration);
  if (error) throw error;
  await sql.raw(sqlText).execute(client);
  await client.destroy();
}

const ownPassword = "for-tests";

/** The address that startOwnPostgres has on this port, before it is started. */
export const urlOfOwnPostgres = (port: number) => urlOf(port, ownPassword);

/**
 * A PostgreSQL of the test's own, to be stopped, frozen and killed.
 *
 * @param throwAway false for one that waits for the disk, as it is in use.
 */
export function startOwnPostgres(
  directory: string,
  port?: number,
  throwAway = true,
): Promise<EmbeddedPostgres> {
  return startEmbedded({ directory, port, password: ownPassword, throwAway });
}

/** The processes of the PostgreSQL in `directory`: the server's, then those of its connections and workers. */
export async function postgresProcesses(directory: string): Promise<number[]> {
  const file = await readFile(path.join(directory, "postgres/postmaster.pid"), "utf8");
  const pid = Number(file.split("\n")[0]);
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return [pid, ...children.trim().split(" ").map(Number)];
}
