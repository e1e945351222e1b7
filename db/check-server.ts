import { type Kysely, sql } from "kysely";
import type { Database } from "./schema";

const oldestMajor = 15;

/** The database answers, but cannot be used. The message is a sentence that says what to do. */
export class UnsuitableDatabaseError extends Error {}

/**
 * Makes sure that the program can work with this database, before there is anything in it.
 *
 * @throws UnsuitableDatabaseError when the server is too old, or the database has another encoding than UTF8.
 */
export async function checkServer(db: Kysely<Database>): Promise<void> {
  const { rows } = await sql<{ name: string; encoding: string; version: string; major: number }>`
    select current_database() as name, current_setting('server_encoding') as encoding,
      current_setting('server_version') as version, current_setting('server_version_num')::int / 10000 as major
  `.execute(db);
  for (const { name, encoding, version, major } of rows) {
    if (major < oldestMajor) {
      throw new UnsuitableDatabaseError(
        `PostgreSQL ${version} is too old: Batch Jobs needs ${oldestMajor} or newer.`,
      );
    }
    if (encoding !== "UTF8") {
      throw new UnsuitableDatabaseError(
        `The database "${name}" has the encoding ${encoding}, and Batch Jobs needs UTF8. ` +
          "Make another one: create database … encoding 'UTF8' template template0;",
      );
    }
  }
}
