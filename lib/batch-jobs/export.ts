import { withTimeBudget } from "@/db/time-budget";
import type { Viewer } from "../access/viewer";
import { prefers } from "../http/accept";
import { HttpError } from "../http/http-error";
import { logError } from "../log";
import { currentResponse } from "../server/current-response";
import type { JobsQuery } from "./address";
import { csvHeader, csvLines } from "./csv";
import type { Position } from "./cursor";
import type { Included, ListBatchJobsQuery } from "./schema";
import { positionAfter, searchBatchJobs } from "./search";

/** Jobs in one statement: enough to be quick, few enough for flat memory. */
const batchSize = 2_000;
/** For one statement, with waiting for a connection. */
const batchMaxMs = 3_500;
/** A client that has not read everything by then is cut off. */
const exportMaxMs = 60 * 60_000;

const runningMax = 4;
const runningPerOrganizationMax = 2;
// The number of running exports of each organization. Next bundles this file more than once.
const shared = globalThis as { batchJobsExports?: Map<string, number> };
shared.batchJobsExports ??= new Map();
const running = shared.batchJobsExports;

/**
 * @returns ends this export.
 * @throws HttpError 429 when too many are running.
 */
function startExport(organizationId: string): () => void {
  const ofOrganization = running.get(organizationId) ?? 0;
  const all = [...running.values()].reduce((sum, count) => sum + count, 0);
  if (ofOrganization >= runningPerOrganizationMax || all >= runningMax) {
    throw new HttpError(429, "too_many_exports", "Too many CSV exports are running: try again in 10 s", {
      "Retry-After": "10",
    });
  }
  running.set(organizationId, ofOrganization + 1);
  return () => {
    const left = (running.get(organizationId) ?? 0) - 1;
    if (left > 0) running.set(organizationId, left);
    else running.delete(organizationId);
  };
}

/** Whether a client wants the list as CSV: by `format`, or else by `Accept`. */
export function isCsv({ format }: ListBatchJobsQuery, headers: Headers): boolean {
  return format === undefined ? prefers(headers, "text/csv", "application/json") : format === "csv";
}

/** @param date to have in the file's name. */
export function csvHeaders(
  { organizationId }: { organizationId: string },
  date?: string,
): Record<string, string> {
  const name = ["batch-jobs", organizationId, ...(date ? [date] : [])].join("-");
  return {
    "Content-Type": "text/csv; charset=utf-8; header=present",
    "Content-Disposition": `attachment; filename="${name}.csv"`,
    Vary: "Accept",
  };
}

/** What a file has: a list, whatever its page. */
type FileQuery = JobsQuery & { include?: Included[]; bom?: "0" | "1" };

/** Authorizes the export, and again before each of its statements, so that revoking access ends it. */
type Authorize = (isNewRequest: boolean) => Promise<Viewer>;

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
 * All jobs of a list as CSV (RFC 4180) in UTF-8, whatever its page. They are read as by a walk with a cursor, so that
 * memory is flat, and neither a connection nor a snapshot is held while the client reads. After an error the connection
 * ends, so that a part does not look like the whole.
 *
 * @returns an empty text for HEAD.
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
  if (method === "HEAD") return "";
  const response = currentResponse();
  const pieces = readPieces(query, authorize, startExport(query.organizationId));
  // An error before the first piece still gets an error response.
  const first = await pieces.next();
  let isStopped = false;
  const stop = async () => {
    isStopped = true;
    clearTimeout(timer);
    await pieces.return();
  };
  const timer = setTimeout(() => {
    response?.destroy();
    void stop();
  }, exportMaxMs);
  response?.once("close", stop);
  // The client may have left while the first piece was read.
  if (response?.destroyed) await stop();
  return new ReadableStream({
    start(controller) {
      if (!first.done) controller.enqueue(Buffer.from(first.value));
    },
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (isStopped) return;
        if (done) controller.close();
        else controller.enqueue(Buffer.from(value));
      } catch (error) {
        logError("failed to export batch jobs", error);
        response?.destroy();
        controller.error(error);
      }
    },
    cancel: stop,
  });
}

async function* readPieces(
  query: FileQuery,
  authorize: Authorize,
  end: () => void,
): AsyncGenerator<string, void, void> {
  const { include = [], bom } = query;
  let piece = (bom === "1" ? "\ufeff" : "") + csvHeader(include);
  try {
    for (let after: Position | undefined; ; ) {
      const { jobs, watermark } = await withTimeBudget(batchMaxMs, async () => {
        return searchBatchJobs(await authorize(false), query, {
          limit: batchSize,
          after,
          hasTotal: false,
          include,
        });
      });
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
  } finally {
    end();
  }
}
