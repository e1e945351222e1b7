import { prefers } from "../http/accept";
import { type Authorize, batchSize, exportCsv, readBatch } from "../http/csv-export";
import { HttpError } from "../http/http-error";
import type { JobsQuery } from "./address";
import { csvHeader, csvLines } from "./csv";
import type { Position } from "./cursor";
import type { Included, ListBatchJobsQuery } from "./schema";
import { positionAfter, searchBatchJobs } from "./search";

/** Whether a client wants the list as CSV: by `format`, or else by `Accept`. */
export function isCsv({ format }: ListBatchJobsQuery, headers: Headers): boolean {
  return format === undefined ? prefers(headers, "text/csv", "application/json") : format === "csv";
}

/** What a file has: a list, whatever its page. */
type FileQuery = JobsQuery & { include?: Included[]; bom?: "0" | "1" };

/** @throws HttpError 400 for parameters that a CSV file cannot have. */
export function requireExportable({ include, cursor }: ListBatchJobsQuery): void {
  if (include.includes("statusCounts")) {
    throw new HttpError(400, "invalid_include", "Invalid include: a CSV file has no statusCounts");
  }
  if (cursor !== undefined) {
    throw new HttpError(400, "invalid_cursor", "Invalid cursor: a CSV file has all jobs, so leave it out");
  }
}

/**
 * All jobs of a list as CSV, whatever its page, read as by a walk with a cursor.
 *
 * @returns what exportCsv does.
 * @throws HttpError what `authorize` throws, 403 for another organization than the viewer's, 429 with `Retry-After` when
 *   too many are running.
 */
export async function exportBatchJobs(
  method: string,
  query: FileQuery,
  authorize: Authorize,
): Promise<ReadableStream<Uint8Array> | string> {
  const viewer = await authorize(true);
  viewer.require("readBatchJobs");
  viewer.requireOrganization(query.organizationId);
  return exportCsv(viewer, method, readPieces(query, authorize));
}

async function* readPieces(query: FileQuery, authorize: Authorize): AsyncGenerator<string, void, void> {
  const { include = [], bom } = query;
  let piece = (bom === "1" ? "\ufeff" : "") + csvHeader(include);
  for (let after: Position | undefined; ; ) {
    const { jobs, watermark } = await readBatch(authorize, (viewer) =>
      searchBatchJobs(viewer, query, { limit: batchSize, after, hasTotal: false, include }),
    );
    yield piece +
      csvLines(
        jobs.map((job) => JSON.parse(job.json)),
        include,
      );
    const last = jobs.at(-1);
    if (!last || jobs.length < batchSize) return;
    after = positionAfter(last, watermark);
    piece = "";
  }
}
