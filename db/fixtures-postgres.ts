import { readFile } from "node:fs/promises";
import path from "node:path";
import { sql } from "kysely";
import { createClient } from "./client";
import { urlOf } from "./embedded/server";
import { type EmbeddedPostgres, startEmbedded } from "./embedded/start";
import { testDatabase, uniqueId } from "./fixtures";
import { migratorOf } from "./migrate";

export { readBackup, restoreBackup } from "./backup";
export { findFreePort as freePort } from "./embedded/server";
export { schemaVersion } from "./migrate";

export async function createEmptyDatabase(): Promise<string> {
  const name = uniqueId("test");
  await sql`create database ${sql.id(name)}`.execute(testDatabase);
  const url = new URL(process.env.DATABASE_URL ?? "");
  url.pathname = `/${name}`;
  return url.href;
}

/**
 * Creates a database of an older version and returns its address.
 *
 * @param migration the last one to apply.
 * @param sqlText is run afterwards.
 */
export async function createOldDatabase(migration: string, sqlText: string): Promise<string> {
  const databaseUrl = await createEmptyDatabase();
  await fillDatabase(databaseUrl, migration, sqlText);
  return databaseUrl;
}

export async function fillDatabase(databaseUrl: string, migration: string, sqlText: string): Promise<void> {
  const client = createClient({ databaseUrl, poolMax: 1, applicationName: "test", timeouts: false });
  const { error } = await (await migratorOf(client)).migrateTo(migration);
  if (error) throw error;
  await sql.raw(sqlText).execute(client);
  await client.destroy();
}

const ownPassword = "for-tests";

export const urlOfOwnPostgres = (port: number) => urlOf(port, ownPassword);

/**
 * Starts a PostgreSQL that the test may stop, freeze and kill.
 *
 * @param isTemporary false to wait for the disk, as in production.
 */
export function startOwnPostgres(
  directory: string,
  port?: number,
  isTemporary = true,
): Promise<EmbeddedPostgres> {
  return startEmbedded({ directory, port, password: ownPassword, isTemporary });
}

/** The process IDs of the PostgreSQL in `directory`: the server's, then those of its connections and workers. */
export async function postgresProcesses(directory: string): Promise<number[]> {
  const file = await readFile(path.join(directory, "postgres/postmaster.pid"), "utf8");
  const pid = Number(file.split("\n")[0]);
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return [pid, ...children.trim().split(" ").map(Number)];
}
