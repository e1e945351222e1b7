import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import type { PoolClient } from "pg";
import { type RowCounts, readBackup, restoreBackup } from "@/db/backup";
import { createPool } from "@/db/client";
import { findSchemaVersion, schemaVersion } from "@/db/migrate";
import { quantity } from "../../format/quantity";
import { HttpError } from "../../http/http-error";
import { type OpenDatabase, openDatabase } from "../open-database";
import { openInput } from "../open-input";
import { bringUpTables } from "../tables";

const applicationName = "batch-jobs backup";

export function backupCommand(): Command {
  return new Command("backup")
    .description("Write all data to a file, as of one instant, while all goes on.")
    .argument("<file>", "which file to write or replace, for its owner alone; - for standard output")
    .addHelpText(
      "after",
      "\nSessions are not in it: people sign in again after a restore. API keys and passwords are in it as hashes.",
    )
    .action(async (file) => {
      const database = await openDatabase(applicationName);
      try {
        await mustHaveVersion(database);
        const counts: RowCounts = new Map();
        if (file === "-") await toStandardOutput(database, counts);
        else await toFile(database, file, counts);
        console.error(`Backed up ${formatDuration(counts)}.`);
      } finally {
        await database.close();
      }
    });
}

export function restoreCommand(): Command {
  return new Command("restore")
    .description("Read a backup into an empty database: all of it or nothing.")
    .argument("<file>", "what backup has written; - for standard input")
    .option("--replace", "delete all that is in the database first", false)
    .action(async (file, { replace }) => {
      const { source } = await openInput(file);
      const database = await openDatabase(applicationName);
      try {
        await bringUpTables(database.client);
        const counts = await withClient(database, (client) => restoreBackup(client, source, replace));
        console.error(`Restored ${formatDuration(counts)}.`);
      } finally {
        await database.close();
      }
    });
}

/** @throws HttpError when the tables are not of this version: a backup changes nothing, so they are not migrated. */
async function mustHaveVersion({ client }: OpenDatabase): Promise<void> {
  const found = await findSchemaVersion(client);
  if (found === schemaVersion) return;
  throw new HttpError(
    409,
    "other_version",
    found === undefined
      ? "The database has no tables of Batch Jobs."
      : `The database is at version ${found}, and this Batch Jobs is ${schemaVersion}. Make the backup with the Batch Jobs that runs on it.`,
  );
}

/** Runs something on a connection of its own, which is closed afterwards, even in the middle of a COPY. */
async function withClient<T>(
  { databaseUrl }: OpenDatabase,
  run: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const pool = createPool({ databaseUrl, poolMax: 1, applicationName, patient: true });
  const client = await pool.connect();
  try {
    return await run(client);
  } finally {
    client.release(true);
    await pool.end();
  }
}

async function toStandardOutput(database: OpenDatabase, counts: RowCounts): Promise<void> {
  await withClient(database, (client) =>
    pipeline(readBackup(client, counts), process.stdout, { end: false }),
  ).catch((error) => {
    if (error.code !== "EPIPE") throw error;
    throw new HttpError(400, "cut_off", "Standard output was closed before the backup was complete.");
  });
}

/** Writes beside the file and moves it into place when it is whole and on the disk. */
async function toFile(database: OpenDatabase, file: string, counts: RowCounts): Promise<void> {
  const there = await stat(file).catch(() => undefined);
  if (there && !there.isFile())
    throw new HttpError(400, "no_file", `${file} is not a file. Use - for standard output.`);
  const half = `${file}.${randomBytes(6).toString("hex")}.part`;
  try {
    await withClient(database, (client) =>
      pipeline(
        readBackup(client, counts),
        createWriteStream(half, { flags: "wx", mode: 0o600, flush: true }),
      ),
    );
    await rename(half, file);
  } catch (error) {
    await rm(half, { force: true });
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === "open" || syscall === "write")
      throw new HttpError(400, "no_file", `${path.resolve(file)} cannot be written: ${message}`);
    throw error;
  }
}

function formatDuration(counts: RowCounts): string {
  const of = (table: string) => counts.get(table) ?? 0;
  const words = [
    quantity(of("organizations"), "organization"),
    quantity(of("users"), "user"),
    quantity(of("api_keys"), "API key"),
    quantity(of("batch_jobs"), "job"),
  ];
  return words.join(", ");
}
