import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { BackupError, BackupReader } from "./backup-reader";
import { schemaVersion } from "./migrate";

/** The tables of a backup, each after those that its foreign keys refer to. Triggers fill the others. */
const tables = [
  "organizations",
  "users",
  "memberships",
  "api_keys",
  "invitations",
  "phone_numbers",
  "organization_calling",
  "saved_views",
  "batch_jobs",
  "batch_contacts",
  "batch_calls",
] as const;

/** Left out of backups: people sign in again after a restore, and dialers ask again. */
const excludedTables = ["sessions", "sign_in_attempts", "flash_secrets", "dialers", "idempotency_keys"];

export type RowCounts = Map<string, number>;

const firstLine = "-- Batch Jobs backup, format 1";
const lastLine = "-- end of the backup";

/** The format of values in COPY depends on these. */
const settings = `
  set local client_encoding = 'UTF8'; set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'; set local bytea_output = 'hex'
`;

/**
 * Streams a consistent backup as SQL that psql can run: one COPY per table, between lines with the schema version and
 * the numbers of rows. To stop halfway, end the generator and then the client.
 *
 * @param counts receives each table's number of rows.
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
 * Restores a backup into a database of this schema version: all or nothing, in one transaction that keeps others from
 * writing.
 *
 * @param replace deletes all data first; otherwise the database must be empty.
 * @returns the number of rows of each table.
 * @throws BackupError when the text is not a complete backup of this version, a row is invalid, or the database is not
 *   empty.
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
    if (replace) await deleteAll(client);
    else await requireEmpty(client);
    const counts: RowCounts = new Map();
    for (const table of tables) counts.set(table, await restoreTable(client, reader, table));
    await reader.expect(lastLine);
    await reader.expectEnd();
    await verify(client, counts);
    await client.query("commit");
    return counts;
  } catch (error) {
    // A lost connection has rolled back already.
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
      `The backup has the schema version ${version}, but this version of Batch Jobs has ${schemaVersion}. Restore it with the version that created it, then upgrade.`,
    );
  }
  await reader.line(); // "-- taken …"
}

async function deleteAll(client: pg.ClientBase): Promise<void> {
  // Faster for large tables.
  await client.query("truncate batch_calls, batch_contacts, batch_jobs");
  for (const table of [...tables, ...excludedTables].reverse()) await client.query(`delete from ${table}`);
}

async function requireEmpty(client: pg.ClientBase): Promise<void> {
  for (const table of tables) {
    if ((await client.query(`select from ${table} limit 1`)).rowCount) {
      throw new BackupError(
        `The database is not empty: ${table} has rows. Restore into another database, or use --replace to delete all data in this one.`,
      );
    }
  }
}

async function restoreTable(client: pg.ClientBase, reader: BackupReader, table: string): Promise<number> {
  const line = await reader.line();
  const columns = line.match(/^copy (\w+) \(([\w, ]+)\) from stdin;$/);
  const known = await columnsOf(client, table);
  if (columns?.[1] !== table || columns[2] !== known.join(", ")) {
    throw new BackupError(`Line ${reader.lineNumber}: expected the start of table ${table}, got "${line}".`);
  }
  const first = reader.lineNumber;
  const copy = client.query(copyFrom(`copy ${table} (${known.join(", ")}) from stdin`));
  await pipeline(Readable.from(reader.data()), copy).catch((error) => {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const where = Number(error.where?.match(/^COPY \w+, line (\d+)/)?.[1]);
    const place = where ? `line ${first + where}` : `table ${table}`;
    throw new BackupError(`Failed to restore ${place}: ${error.message}`);
  });
  await reader.expect(`-- rows ${copy.rowCount}`);
  return copy.rowCount;
}

async function verify(client: pg.ClientBase, counts: RowCounts): Promise<void> {
  for (const [table, expected] of counts) {
    const { rows } = await client.query(`select count(*)::float8 as found from ${table}`);
    if (rows[0].found !== expected) {
      throw new BackupError(`${table} has ${rows[0].found} rows, but the backup has ${expected}.`);
    }
  }
}

/** Triggers set them: transactions are those of a server, and the others are made of other columns. */
const excludedColumns = ["updated_xid", "settled_xid", "settled_at", "name_search"];

/** By name, so that their order does not depend on how the table was created. */
async function columnsOf(client: pg.ClientBase, table: string): Promise<string[]> {
  const { rows } = await client.query(
    `select attname as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attname <> all ($2)
     order by attname`,
    [table, excludedColumns],
  );
  return rows.map(({ name }) => name);
}
