import { AsyncLocalStorage } from "node:async_hooks";
import type { ServerResponse } from "node:http";
import { withTimeBudget } from "@/db/time-budget";

/** How long a request may wait for its turn and for the database in total: responses are due within five seconds. */
const waitMaxMs = 3_500;

// Next bundles this file more than once, and all copies must share one store.
const shared = globalThis as {
  batchJobsResponse?: AsyncLocalStorage<ServerResponse>;
  batchJobsCallers?: WeakMap<ServerResponse, Caller>;
  batchJobsErrorCodes?: WeakMap<ServerResponse, string>;
};
shared.batchJobsResponse ??= new AsyncLocalStorage();
shared.batchJobsCallers ??= new WeakMap();
shared.batchJobsErrorCodes ??= new WeakMap();
const current = shared.batchJobsResponse;
const callers = shared.batchJobsCallers;
const errorCodes = shared.batchJobsErrorCodes;

/**
 * Handles a request with its response as the current one, and with a time limit for the database.
 *
 * @param waitedMs how long the request has waited for its turn.
 */
export function withResponse<T>(response: ServerResponse, waitedMs: number, handle: () => T): T {
  return current.run(response, () => withTimeBudget(waitMaxMs - waitedMs, handle));
}

/** The response to the current request; undefined outside of one. */
export function currentResponse(): ServerResponse | undefined {
  return current.getStore();
}

/** Identifies a response in the log. */
export const requestIdHeader = "X-Request-Id";

/** The current request's ID; undefined outside of one. */
export function currentRequestId(): string | undefined {
  const id = current.getStore()?.getHeader(requestIdHeader);
  return typeof id === "string" ? id : undefined;
}

/** Who makes a request, as far as the log may tell. */
export interface Caller {
  /** Only after it has been proven that they may use it. */
  organizationId?: string;
  /** The part of an API key that people recognize it by; the key may not exist. */
  apiKeyStart?: string;
}

/** Tells the log who makes the current request. */
export function setCaller(known: Caller): void {
  const response = current.getStore();
  if (!response) return;
  const caller = callers.get(response);
  if (caller) Object.assign(caller, known);
  else callers.set(response, { ...known });
}

/** Who made the request that this is the response to. */
export function callerOf(response: ServerResponse): Caller {
  return callers.get(response) ?? {};
}

/** Tells the log the code of an error, which is one of this program and no value that a client sent. */
export function setErrorCode(response: ServerResponse, code: string): void {
  errorCodes.set(response, code);
}

/** The code of the error that this response has; undefined for a page, and without an error. */
export function errorCodeOf(response: ServerResponse): string | undefined {
  return errorCodes.get(response);
}

/**
 * Sets the status of the current page. Next lets a page choose only 404, by an error whose page is blank without
 * JavaScript.
 */
export function setStatus(status: 404 | 500 | 503): void {
  const response = current.getStore();
  if (!response || response.headersSent) return;
  response.statusCode = status;
  if (status === 503) response.setHeader("Retry-After", "5");
}
