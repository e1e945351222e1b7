import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { BackupError, BackupReader } from "./backup-reader";
import { schemaVersion } from "./migrate";

/** The tables that a backup has, each after those that its foreign keys refer to. */
const tables = ["organizations", "users", "memberships", "api_keys", "invitations", "batch_jobs"] as const;

/** Tables of which a backup has nothing: people sign in again after a restore. Triggers fill all other ones. */
const transientTables = ["sessions", "sign_in_attempts", "flash_secrets"];

/** How many rows of each table. */
export type RowCounts = Map<string, number>;

const firstLine = "-- Batch Jobs backup, format 1";
const lastLine = "-- end of the backup";

/** What values look like in a COPY depends on these. */
const settings = `
  set local client_encoding = 'UTF8'; set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'; set local bytea_output = 'hex'
`;

/**
 * Reads all data that the program cannot make again, as of one instant. The text is that of psql's COPY, a table
 * after the other, between lines that say the version of the schema and how many rows there are.
 *
 * Memory stays flat. To stop half-way, end the generator and then the client.
 *
 * @param counts gets the number of rows of each table as it is done.
 * @throws whatever the database fails with.
 */
export async function* readBackup(client: pg.ClientBase, counts: RowCounts): AsyncGenerator<Buffer | string> {
  await client.query("begin isolation level repeatable read, read only");
  await client.query(settings);
  const { rows } = await client.query('select to_char(now(), \'YYYY-MM-DD"T"HH24:MI:SS"Z"\') as now');
  yield `${firstLine}\n-- version ${schemaVersion}\n-- taken ${rows[0].now}\n`;
  for (const table of tables) {
    const copied = `${table} (${(await columnsOf(client, table)).join(", ")})`;
    yield `copy ${copied} from stdin;\n`;
    const data = client.query(copyTo(`copy ${copied} to stdout`));
    for await (const piece of data) yield piece;
    // The number of rows arrives after the last of them.
    await client.query("select");
    counts.set(table, data.rowCount);
    yield `\\.\n-- rows ${data.rowCount}\n`;
  }
  await client.query("commit");
  yield `${lastLine}\n`;
}

/**
 * Puts a backup into a database whose tables are of this program's version: all of it or nothing, in one
 * transaction, in which nobody else can write.
 *
 * @param replace deletes what there is first; else the database must be empty.
 * @returns the number of rows of each table.
 * @throws BackupError when the text is not a whole backup of this version, its rows do not fit, or the database is
 *   not empty.
 */
export async function restoreBackup(
  client: pg.ClientBase,
  source: AsyncIterable<Uint8Array>,
  replace: boolean,
): Promise<RowCounts> {
  const reader = new BackupReader(source);
  try {
    await readHead(reader);
    await client.query("begin isolation level read committed");
    await client.query(settings);
    await client.query(`lock table ${tables.join(", ")} in share row exclusive mode`);
    if (replace) await empty(client);
    else await mustBeEmpty(client);
    const counts: RowCounts = new Map();
    for (const table of tables) counts.set(table, await restoreTable(client, reader, table));
    await reader.expect(lastLine);
    await reader.expectEnd();
    await verify(client, counts);
    await client.query("commit");
    return counts;
  } catch (error) {
    // A connection that is gone has rolled back by itself.
    await client.query("rollback").catch(() => {});
    throw error;
  } finally {
    await reader.close();
  }
}

async function readHead(reader: BackupReader): Promise<void> {
  if ((await reader.line()) !== firstLine) throw new BackupError("This is not a backup of Batch Jobs.");
  const version = (await reader.line()).match(/^-- version (\S+)$/)?.[1];
  if (version !== schemaVersion) {
    throw new BackupError(
      `The backup is of version ${version}, and this Batch Jobs is ${schemaVersion}. Restore it with the Batch Jobs that made it, then update.`,
    );
  }
  await reader.line(); // when it was taken
}

async function empty(client: pg.ClientBase): Promise<void> {
  // The large one at once; triggers and foreign keys see to the tables that depend on these.
  await client.query("truncate batch_jobs");
  for (const table of [...tables, ...transientTables].reverse()) await client.query(`delete from ${table}`);
}

async function mustBeEmpty(client: pg.ClientBase): Promise<void> {
  for (const table of tables) {
    if ((await client.query(`select from ${table} limit 1`)).rowCount) {
      throw new BackupError(
        `The database is not empty: there are rows in ${table}. Restore into another one, or delete all that is in this one with --replace.`,
      );
    }
  }
}

async function restoreTable(client: pg.ClientBase, reader: BackupReader, table: string): Promise<number> {
  const line = await reader.line();
  const columns = line.match(/^copy (\w+) \(([\w, ]+)\) from stdin;$/);
  const known = await columnsOf(client, table);
  if (columns?.[1] !== table || columns[2] !== known.join(", ")) {
    throw new BackupError(
      `Line ${reader.lineNumber} of the backup is not the beginning of ${table}: ${line}`,
    );
  }
  const first = reader.lineNumber;
  const copy = client.query(copyFrom(`copy ${table} (${known.join(", ")}) from stdin`));
  await pipeline(Readable.from(reader.data()), copy).catch((error) => {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const where = Number(error.where?.match(/^COPY \w+, line (\d+)/)?.[1]);
    const place = where ? `Line ${first + where}` : `The table ${table}`;
    throw new BackupError(`${place} of the backup cannot be restored: ${error.message}`);
  });
  await reader.expect(`-- rows ${copy.rowCount}`);
  return copy.rowCount;
}

/** Compares what is there now with what was read. */
async function verify(client: pg.ClientBase, counts: RowCounts): Promise<void> {
  for (const [table, expected] of counts) {
    const { rows } = await client.query(`select count(*)::float8 as found from ${table}`);
    if (rows[0].found !== expected) {
      throw new BackupError(`${table} has ${rows[0].found} rows after ${expected} were restored.`);
    }
  }
}

/** @returns the columns' names in an order that is the same for every way in which the table was made. */
async function columnsOf(client: pg.ClientBase, table: string): Promise<string[]> {
  const { rows } = await client.query(
    `select attname as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attname`,
    [table],
  );
  return rows.map(({ name }) => name);
}
