import { AsyncLocalStorage } from "node:async_hooks";
import type { ServerResponse } from "node:http";
import { withTimeBudget } from "@/db/time-budget";

/**
 * How long one request may wait for the database in all, in ms: an answer comes within five seconds, of which the
 * rest is for everything else.
 */
const databaseLimitMs = 3_500;

// Next bundles this file more than once; the guard and the pages shall mean the same.
const shared = globalThis as { batchJobsAnswering?: AsyncLocalStorage<ServerResponse> };
shared.batchJobsAnswering ??= new AsyncLocalStorage();
const answering = shared.batchJobsAnswering;

/** Handles a request with its answer in reach of `setStatus`, and with a limit to its waiting for the database. */
export function withResponse<T>(response: ServerResponse, handle: () => T): T {
  return answering.run(response, () => withTimeBudget(databaseLimitMs, handle));
}

/** The answer that is being written; undefined outside of one. */
export function currentResponse(): ServerResponse | undefined {
  return answering.getStore();
}

/** The header of every answer, by which its failure is found in the log. */
export const requestIdHeader = "X-Request-Id";

/** The id of the request that is being answered; undefined outside of one. */
export function currentRequestId(): string | undefined {
  const id = answering.getStore()?.getHeader(requestIdHeader);
  return typeof id === "string" ? id : undefined;
}

/**
 * Gives the page that is being written a status. Next lets a page choose none but 404, and that one only by
 * an error whose page is then drawn by a script, so that without JavaScript it is blank.
 */
export function setStatus(status: 404 | 500 | 503): void {
  const response = answering.getStore();
  if (!response || response.headersSent) return;
  response.statusCode = status;
  if (status === 503) response.setHeader("Retry-After", "5");
}
