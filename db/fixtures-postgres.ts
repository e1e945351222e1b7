import { readFile } from "node:fs/promises";
import path from "node:path";
import { sql } from "kysely";
import { type EmbeddedPostgres, startEmbedded } from "./embedded/start";
import { testDatabase, uniqueId } from "./fixtures";

export { findFreePort as freePort } from "./embedded/server";

/** The address of an empty database of the test's own, beside the suite's. */
export async function createEmptyDatabase(): Promise<string> {
  const name = uniqueId("test");
  await sql`create database ${sql.id(name)}`.execute(testDatabase);
  const url = new URL(process.env.DATABASE_URL ?? "");
  url.pathname = `/${name}`;
  return url.href;
}

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
  return startEmbedded({ directory, port, password: "for-tests", throwAway });
}

/** The processes of the PostgreSQL in `directory`: the server's, then those of its connections and workers. */
export async function postgresProcesses(directory: string): Promise<number[]> {
  const file = await readFile(path.join(directory, "postgres/postmaster.pid"), "utf8");
  const pid = Number(file.split("\n")[0]);
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return [pid, ...children.trim().split(" ").map(Number)];
}
