import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import type { PoolClient } from "pg";
import { type RowCounts, readBackup, restoreBackup } from "@/db/backup";
import { createPool } from "@/db/client";
import { findSchemaVersion, schemaVersion } from "@/db/migrate";
import { quantity } from "../../format/quantity";
import { HttpError } from "../../http/http-error";
import { migrateClient } from "../migrate";
import { type OpenDatabase, openDatabase } from "../open-database";
import { openInput } from "../open-input";

const applicationName = "batch-jobs backup";

/** Writes a backup to a file, or to standard output for `-`. */
export async function backUp(file: string): Promise<void> {
  const database = await openDatabase(applicationName);
  try {
    await requireCurrentSchema(database);
    const counts: RowCounts = new Map();
    if (file === "-") await writeToStandardOutput(database, counts);
    else await writeToFile(database, file, counts);
    console.error(`Backed up ${formatCounts(counts)}.`);
  } finally {
    await database.close();
  }
}

/** Restores a backup from a file, or from standard input for `-`. @param replace whether to delete all data first. */
export async function restore(file: string, replace: boolean): Promise<void> {
  const { source } = await openInput(file);
  const database = await openDatabase(applicationName);
  try {
    await migrateClient(database.client);
    const counts = await withClient(database, (client) => restoreBackup(client, source, replace));
    console.error(`Restored ${formatCounts(counts)}.`);
  } finally {
    await database.close();
  }
}

/** @throws HttpError for another schema version. A backup changes nothing, so it does not migrate. */
async function requireCurrentSchema({ client }: OpenDatabase): Promise<void> {
  const found = await findSchemaVersion(client);
  if (found === schemaVersion) return;
  throw new HttpError(
    409,
    "other_version",
    found === undefined
      ? "The database has no Batch Jobs tables."
      : `The database has the schema version ${found}, but this version of Batch Jobs has ${schemaVersion}. Create the backup with the version that uses this database.`,
  );
}

/** Runs a function with a separate connection, which is closed afterwards, even in the middle of a COPY. */
async function withClient<T>(
  { databaseUrl }: OpenDatabase,
  run: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const pool = createPool({ databaseUrl, poolMax: 1, applicationName, timeouts: false });
  const client = await pool.connect();
  try {
    return await run(client);
  } finally {
    client.release(true);
    await pool.end();
  }
}

async function writeToStandardOutput(database: OpenDatabase, counts: RowCounts): Promise<void> {
  await withClient(database, (client) =>
    pipeline(readBackup(client, counts), process.stdout, { end: false }),
  ).catch((error) => {
    if (error.code !== "EPIPE") throw error;
    throw new HttpError(400, "cut_off", "Standard output was closed before the backup was complete.");
  });
}

async function writeToFile(database: OpenDatabase, file: string, counts: RowCounts): Promise<void> {
  const existing = await stat(file).catch(() => undefined);
  if (existing && !existing.isFile())
    throw new HttpError(400, "no_file", `${file} is not a file. Use - for standard output.`);
  const temporary = `${file}.${randomBytes(6).toString("hex")}.part`;
  try {
    await withClient(database, (client) =>
      pipeline(
        readBackup(client, counts),
        createWriteStream(temporary, { flags: "wx", mode: 0o600, flush: true }),
      ),
    );
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === "open" || syscall === "write")
      throw new HttpError(400, "no_file", `${path.resolve(file)} cannot be written: ${message}`);
    throw error;
  }
}

function formatCounts(counts: RowCounts): string {
  const count = (table: string, noun: string) => quantity(counts.get(table) ?? 0, noun);
  return [
    count("organizations", "organization"),
    count("users", "user"),
    count("api_keys", "API key"),
    count("batch_jobs", "job"),
  ].join(", ");
}
