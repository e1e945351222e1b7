import { withTimeBudget } from "@/db/time-budget";
import type { Viewer } from "../access/viewer";
import { logError } from "../log";
import { currentResponse } from "../server/current-response";
import { HttpError } from "./http-error";

/** Rows in one statement: enough to be quick, few enough for flat memory. */
export const batchSize = 2_000;
/** How long one statement may take, including waiting for a connection. */
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

/** @param parts of the file's name. */
export function csvHeaders(...parts: string[]): Record<string, string> {
  return {
    "Content-Type": "text/csv; charset=utf-8; header=present",
    "Content-Disposition": `attachment; filename="${parts.join("-")}.csv"`,
    Vary: "Accept",
  };
}

/** Authorizes the export, and again before each of its statements, so that revoking access ends it. */
export type Authorize = (isNewRequest: boolean) => Promise<Viewer>;

/** Reads a batch of an export, with a time limit of its own, for a viewer who may still read it. */
export function readBatch<T>(authorize: Authorize, read: (viewer: Viewer) => Promise<T>): Promise<T> {
  return withTimeBudget(batchMaxMs, async () => read(await authorize(false)));
}

async function* endWith(pieces: AsyncGenerator<string>, end: () => void): AsyncGenerator<string> {
  try {
    yield* pieces;
  } finally {
    end();
  }
}

/**
 * CSV (RFC 4180) in UTF-8, which is read in pieces, so that memory is flat and neither a connection nor a snapshot is held
 * while the client reads. After an error the connection ends, so that a part does not look like the whole.
 *
 * @param pieces of the file, which are made when the client is ready for them.
 * @returns an empty text for HEAD.
 * @throws HttpError 429 with `Retry-After` when too many are running, and what the first piece throws.
 */
export async function exportCsv(
  viewer: Viewer,
  method: string,
  pieces: AsyncGenerator<string>,
): Promise<ReadableStream<Uint8Array> | string> {
  if (method === "HEAD") return "";
  const response = currentResponse();
  const reader = endWith(pieces, startExport(viewer.organizationId));
  // An error before the first piece still gets an error response.
  const first = await reader.next();
  let isStopped = false;
  const stop = async () => {
    isStopped = true;
    clearTimeout(timer);
    await reader.return(undefined);
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
        const { done, value } = await reader.next();
        if (isStopped) return;
        if (done) controller.close();
        else controller.enqueue(Buffer.from(value));
      } catch (error) {
        logError("failed to export CSV", error);
        response?.destroy();
        controller.error(error);
      }
    },
    cancel: stop,
  });
}
