import type { Kysely } from "kysely";
import type { Database } from "@/db/schema";
import type { Viewer } from "../../access/viewer";
import { database } from "../../database/database";
import { HttpError } from "../../http/http-error";
import type { BatchJob } from "../schema";
import { writeBatchJobs } from "../write";
import { RowCutter } from "./cut-rows";
import { type Refused, readJob } from "./read-job";

/** Jobs in one statement: enough to be quick, few enough to be flat in memory. */
const batchSize = 1_000;

export interface ImportSummary {
  inserted: number;
  updated: number;
  unchanged: number;
  /** Rows that were not taken. */
  refused: number;
  /** Members of rows that the contract does not have, with how many rows had them. */
  leftOut: Map<string, number>;
  /** False when `atomic` was asked for and a row was refused: then nothing was written. */
  isWritten: boolean;
}

export interface ImportOptions {
  /** All rows or none. */
  atomic: boolean;
  onRefused(refused: Refused): void;
  /** How far the reading is, in bytes of the source and in rows. */
  onProgress?(bytes: number, rows: number): void;
}

/** Thrown inside the transaction of an atomic import to undo it. */
class Undo extends Error {}

/**
 * Imports batch jobs from JSON of the contract's shapes (see RowCutter) into the viewer's organization:
 * new ids are inserted, known ones updated. Bad rows are reported one by one; the good ones go in, unless
 * `atomic`. A file may be imported again: what is there already stays as it is.
 *
 * @param source UTF-8, in pieces of any size.
 * @throws HttpError 400 for a file that gzip has compressed, and for one in UTF-16.
 */
export async function importBatchJobs(
  viewer: Viewer,
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<ImportSummary> {
  const summary: ImportSummary = {
    ...{ inserted: 0, updated: 0, unchanged: 0, refused: 0 },
    leftOut: new Map(),
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
        if (summary.refused > 0) throw new Undo();
      });
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
    Object.assign(summary, { inserted: 0, updated: 0, unchanged: 0, isWritten: false });
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
  /** By id: a statement cannot write one job twice, so a second one waits for the next statement. */
  const batch = new Map<string, { job: BatchJob; text: string }>();
  let rows = 0;

  const refuse = (...refused: Refused[]) => {
    summary.refused++;
    for (const one of refused) options.onRefused(one);
  };
  const flush = async () => {
    if (batch.size === 0) return;
    const { inserted, updated, unchanged } = await writeBatchJobs(
      viewer,
      db,
      [...batch.values()].map(({ job }) => job),
    );
    summary.inserted += inserted;
    summary.updated += updated;
    summary.unchanged += unchanged;
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
    for (const name of read.leftOut) summary.leftOut.set(name, (summary.leftOut.get(name) ?? 0) + 1);
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

/** The rows of a source; after each piece of it one without a row, with the bytes read so far. */
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
 * @param start of the source: JSON in UTF-8 begins with an ASCII character or its own byte order mark.
 * @throws HttpError 400 for gzip and UTF-16, whose every row would be refused, with how to convert them.
 */
function refuseOtherEncodings(start: Uint8Array): void {
  const [first, second] = start;
  if (first === 0x1f && second === 0x8b) {
    const detail = "The file is compressed. Unpack it first: gunzip -c FILE | … import … -";
    throw new HttpError(400, "is_compressed", detail);
  }
  const isLittleEndian = (first === 0xff && second === 0xfe) || second === 0;
  if (isLittleEndian || (first === 0xfe && second === 0xff) || first === 0) {
    const encoding = isLittleEndian ? "UTF-16LE" : "UTF-16BE";
    const detail = `The file is ${encoding}, not UTF-8. Convert it first: iconv -f ${encoding} -t UTF-8 FILE | … import … -`;
    throw new HttpError(400, "is_utf16", detail);
  }
}
