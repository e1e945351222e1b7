import { type RawBuilder, sql } from "kysely";
import { HttpError } from "../http/http-error";
import { watermarkPattern } from "./cursor";

/**
 * The point from which to ask for changes after a statement: `<database>-<transaction>`, the oldest transaction that was
 * still open in the statement's snapshot. Whatever an older one changed is in the snapshot. So asking for the changes of
 * this one and of all newer ones misses nothing, however late they commit.
 *
 * The database is a digest of what changes when it is restored from a backup or another server takes over, after which
 * transactions are numbered anew.
 */
export interface Snapshot {
  watermark: string;
  /** The first transaction that had not begun in the snapshot. */
  nextXid: string;
}

const databaseId = sql`(
  select substr(md5(concat_ws('/', system_identifier, timeline_id, pg_database.oid)), 1, 12)
  from pg_control_system(), pg_control_checkpoint(), pg_database where datname = current_database()
)`;

export const snapshotWatermark: RawBuilder<string> = sql`
  concat(${databaseId}, '-', pg_snapshot_xmin(pg_current_snapshot()))
`;

export const snapshotNextXid: RawBuilder<string> = sql`pg_snapshot_xmax(pg_current_snapshot())::text`;

/** Whether `updatedSince` is a watermark instead of a time. */
export function isWatermark(updatedSince: string): boolean {
  return watermarkPattern.test(updatedSince);
}

/** The transaction of a watermark, as PostgreSQL's bigint. */
export function xidOf(watermark: string): string {
  return watermark.slice(watermark.indexOf("-") + 1);
}

/**
 * @param given a watermark of an earlier response.
 * @param now the current snapshot.
 * @throws HttpError 400 when the database has been restored since, or is another one.
 */
export function requireSameDatabase(given: string, now: Snapshot): void {
  const isSame = given.split("-", 1)[0] === now.watermark.split("-", 1)[0];
  if (isSame && BigInt(xidOf(given)) <= BigInt(now.nextXid)) return;
  throw new HttpError(
    400,
    "invalid_updated_since",
    "Invalid updatedSince: the database has been restored or replaced since that response; read all jobs again, without updatedSince",
  );
}
