import { setTimeout as delay } from "node:timers/promises";
import { ApiError } from "./api-error.js";

/** How requests are sent. */
export interface SendOptions {
  fetch?: typeof fetch;
  /** How many times a request is sent again at most. */
  retriesMax?: number;
  /** For how long a request is sent again, waiting included; then, or when it would have to wait longer, it fails. */
  retryTimeoutMs?: number;
  /** How long the server may take to answer, each time. */
  timeoutMs?: number;
  /** How many responses are stored for conditional requests. */
  cacheEntriesMax?: number;
}

const retriable = [429, 500, 502, 503, 504];
/** Writes that the API handles once however often they arrive. A stored answer could be out of date: a lease may have ended. */
const repeatable = /\/batch\/calls\/[^/]+\/(dialing|result)$/;
const firstWaitMs = 200;

/** @returns how long to wait before trying again; undefined if that can't help. */
function waitMsAfter(response: Response | undefined, retries: number): number | undefined {
  const backoffMs = firstWaitMs * 2 ** retries * (0.5 + Math.random());
  if (!response) return backoffMs;
  if (!retriable.includes(response.status)) return undefined;
  const after = response.headers.get("Retry-After");
  // The server sends it with each 500 for which trying again can help.
  if (after === null) return response.status === 500 ? undefined : backoffMs;
  // Seconds or a date (RFC 9110, 10.2.3).
  const seconds = Number(after);
  const ms = Number.isNaN(seconds) ? Date.parse(after) - Date.now() : seconds * 1_000;
  return Number.isNaN(ms) ? backoffMs : Math.max(backoffMs, ms);
}

/**
 * Makes a function that sends a request until it is answered: again after failures of the connection, after 429, 502, 503
 * and 504, and after a 500 that has `Retry-After`, and never sooner than `Retry-After` says. Every write is done once: it gets an `Idempotency-Key`, unless it has one or
 * can be repeated without. A GET whose response is stored is sent with its `ETag`, and after a 304 the stored response is
 * returned; not with `cache: "no-store"`.
 *
 * @returns a function that returns only successful responses. It throws ApiError, what `fetch` throws when the connection
 *   fails, or the reason for which the request was aborted.
 */
export function makeSend(options: SendOptions = {}): (request: Request) => Promise<Response> {
  const { retriesMax = 5, retryTimeoutMs = 120_000, timeoutMs = 30_000, cacheEntriesMax = 50 } = options;
  const stored = new Map<string, Response>();

  function store(url: string, response: Response): void {
    stored.delete(url);
    stored.set(url, response);
    const [oldest] = stored.keys();
    if (stored.size > cacheEntriesMax && oldest !== undefined) stored.delete(oldest);
  }

  /** Sends it once. JSON is read to its end, so that a connection that breaks later also counts as a failure. */
  async function attempt(request: Request): Promise<Response> {
    const timeout = new AbortController();
    const timer = setTimeout(
      () => timeout.abort(new DOMException("The server took too long", "TimeoutError")),
      timeoutMs,
    );
    try {
      const signal = AbortSignal.any([request.signal, timeout.signal]);
      const response = await (options.fetch ?? fetch)(request.clone(), { signal });
      if (response.status === 304 || response.headers.get("Content-Type")?.startsWith("text/csv"))
        return response;
      const { status, headers } = response;
      return new Response(await response.text(), { status, headers });
    } finally {
      clearTimeout(timer);
    }
  }

  async function attemptUntilAnswered(request: Request): Promise<Response> {
    const endMs = performance.now() + retryTimeoutMs;
    for (let retries = 0; ; retries++) {
      const [result] = await Promise.allSettled([attempt(request)]);
      request.signal.throwIfAborted();
      const response = result.status === "fulfilled" ? result.value : undefined;
      const waitMs = waitMsAfter(response, retries);
      if (waitMs === undefined || retries >= retriesMax || performance.now() + waitMs > endMs) {
        if (result.status === "rejected") throw result.reason;
        return result.value;
      }
      await delay(waitMs, undefined, { signal: request.signal }).catch(() => request.signal.throwIfAborted());
    }
  }

  return async (request) => {
    const isRead = request.method === "GET";
    const known = isRead && request.cache !== "no-store" ? stored.get(request.url) : undefined;
    if (known) request.headers.set("If-None-Match", known.headers.get("ETag") ?? "");
    const needsKey = !isRead && !repeatable.test(new URL(request.url).pathname);
    if (needsKey && !request.headers.has("Idempotency-Key")) {
      request.headers.set("Idempotency-Key", crypto.randomUUID());
    }
    const answered = await attemptUntilAnswered(request);
    const response = known && answered.status === 304 ? known : answered;
    if (!response.ok) throw await ApiError.from(response);
    if (!isRead || request.cache === "no-store" || !response.headers.has("ETag")) return response;
    store(request.url, response);
    return response.clone();
  };
}
