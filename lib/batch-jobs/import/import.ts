import type { Kysely } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../../access/viewer";
import { database } from "../../database/database";
import { HttpError } from "../../http/http-error";
import type { BatchJob } from "../schema";
import { writeBatchJobs } from "../write";
import { RowCutter } from "./cut-rows";
import { type Refused, readJob } from "./read-job";

/** Jobs per statement. */
const batchSize = 1_000;

export interface ImportSummary {
  inserted: number;
  updated: number;
  unchanged: number;
  /** Jobs whose contacts are here, and whose status, counts and times therefore stayed as they are. */
  kept: number;
  refused: number;
  /** Unknown fields, and how many rows have them. */
  ignoredFields: Map<string, number>;
  /** False for an atomic import with a refused row. */
  isWritten: boolean;
}

export interface ImportOptions {
  /** Import all rows, or none if one is refused. */
  atomic: boolean;
  onRefused(refused: Refused): void;
  /** Called with the bytes of the source and the rows read so far. */
  onProgress?(bytes: number, rows: number): void;
}

/** Rolls back the transaction of an atomic import. */
class Rollback extends Error {}

/**
 * Imports batch jobs from JSON (RowCutter says in which forms) into the viewer's organization: inserts new ids and updates
 * existing ones. Invalid rows are reported, and the others imported, unless `atomic`. Importing a file again is safe.
 *
 * @param source UTF-8, in pieces of any size.
 * @throws HttpError 400 for a file in gzip or UTF-16.
 */
export async function importBatchJobs(
  viewer: Viewer,
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<ImportSummary> {
  const summary: ImportSummary = {
    ...{ inserted: 0, updated: 0, unchanged: 0, kept: 0, refused: 0 },
    ignoredFields: new Map(),
    isWritten: true,
  };
  if (!options.atomic) {
    await importInto(database(), viewer, source, options, summary);
    return summary;
  }
  try {
    await database()
      .transaction()
      .execute(async (transaction) => {
        await importInto(transaction, viewer, source, options, summary);
        if (summary.refused > 0) throw new Rollback();
      });
  } catch (error) {
    if (!(error instanceof Rollback)) throw error;
    Object.assign(summary, { inserted: 0, updated: 0, unchanged: 0, kept: 0, isWritten: false });
  }
  return summary;
}

async function importInto(
  db: Kysely<Database>,
  viewer: Viewer,
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions,
  summary: ImportSummary,
): Promise<void> {
  /**
   * The next statement's rows by id. A statement cannot write a job twice: the second row of a job is written by the one
   * after.
   */
  const batch = new Map<string, { job: BatchJob; text: string }>();
  let rows = 0;

  const refuse = (...refused: Refused[]) => {
    summary.refused++;
    for (const one of refused) options.onRefused(one);
  };
  const flush = async () => {
    if (batch.size === 0) return;
    const { inserted, updated, unchanged, kept } = await writeBatchJobs(
      viewer,
      db,
      [...batch.values()].map(({ job }) => job),
    );
    summary.inserted += inserted;
    summary.updated += updated;
    summary.unchanged += unchanged;
    summary.kept += kept;
    batch.clear();
  };

  for await (const { row, bytes } of readRows(source)) {
    if (row === undefined) {
      options.onProgress?.(bytes, rows);
      continue;
    }
    rows++;
    if ("problem" in row) {
      refuse({ line: row.line, reason: row.problem });
      continue;
    }
    const read = readJob(row.text, row.line, viewer.organizationId);
    if ("refused" in read) {
      refuse(...read.refused);
      continue;
    }
    for (const name of read.ignoredFields)
      summary.ignoredFields.set(name, (summary.ignoredFields.get(name) ?? 0) + 1);
    const earlier = batch.get(read.job.id);
    if (earlier?.text === row.text) {
      summary.unchanged++;
      continue;
    }
    if (earlier) await flush();
    batch.set(read.job.id, { job: read.job, text: row.text });
    if (batch.size === batchSize) await flush();
  }
  await flush();
}

/** The rows of a source and the bytes read so far; without a row after each piece of the source. */
async function* readRows(source: AsyncIterable<Uint8Array>) {
  const cutter = new RowCutter();
  let bytes = 0;
  for await (const piece of source) {
    if (bytes === 0) refuseOtherEncodings(piece);
    for (const row of cutter.push(
      Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString("latin1"),
    )) {
      yield { row, bytes };
    }
    bytes += piece.byteLength;
    yield { bytes };
  }
  for (const row of cutter.end()) yield { row, bytes };
}

/**
 * @param start of the source: JSON in UTF-8 begins with an ASCII character or a byte order mark of UTF-8.
 * @throws HttpError 400 for gzip and UTF-16, with the command to convert it.
 */
function refuseOtherEncodings(start: Uint8Array): void {
  const [first, second] = start;
  if (first === 0x1f && second === 0x8b) {
    const detail = "The file is compressed. Decompress it first: gunzip -c FILE | … import … -";
    throw new HttpError(400, "is_compressed", detail);
  }
  const isLittleEndian = (first === 0xff && second === 0xfe) || second === 0;
  if (isLittleEndian || (first === 0xfe && second === 0xff) || first === 0) {
    const encoding = isLittleEndian ? "UTF-16LE" : "UTF-16BE";
    const detail = `The file is ${encoding}, not UTF-8. Convert it first: iconv -f ${encoding} -t UTF-8 FILE | … import … -`;
    throw new HttpError(400, "is_utf16", detail);
  }
}
