import type { ServerResponse } from "node:http";
import { environment } from "../environment";
import { HttpError } from "../http/http-error";
import { currentResponse } from "../server/current-response";
import { type CountedRequest, countRequest, windowSeconds } from "./count-request";

/** A read that is repeated after it lost its connection counts once. */
const countedRequests = new WeakMap<ServerResponse, CountedRequest>();

export function hasRateLimit(): boolean {
  return environment().API_RATE_LIMIT_PER_MINUTE > 0;
}

/**
 * Allows a key API_RATE_LIMIT_PER_MINUTE requests a minute, 0 for no limit. The headers of the current response say how
 * many are left.
 *
 * @throws HttpError 429 with `Retry-After` in whole seconds (RFC 9110).
 */
export async function enforceRateLimit(apiKeyId: string): Promise<void> {
  if (!hasRateLimit()) return;
  const response = currentResponse();
  const counted = (response && countedRequests.get(response)) ?? (await countRequest(apiKeyId));
  if (response) {
    countedRequests.set(response, counted);
    setHeaders(response, counted.remaining, counted.endsMs);
  }
  if (counted.isAllowed) return;
  const retryAfterSeconds = secondsUntil(counted.endsMs);
  throw new HttpError(429, "rate_limited", `Too many requests: try again in ${retryAfterSeconds} s`, {
    "Retry-After": String(retryAfterSeconds),
  });
}

/** Counts the current request as a tenth, as its response is a 304. */
export function countAsNotModified(): void {
  const response = currentResponse();
  const counted = response && countedRequests.get(response);
  if (counted) setHeaders(response, counted.countAsNotModified(), counted.endsMs);
}

function secondsUntil(ms: number): number {
  return Math.max(1, Math.ceil((ms - Date.now()) / 1_000));
}

/**
 * As in draft-ietf-httpapi-ratelimit-headers-11, and as in the contract's original, whose `Reset` is Unix time in
 * seconds. On Node's response, so that errors have them, too.
 */
function setHeaders(response: ServerResponse, remaining: number, endsMs: number): void {
  const limit = environment().API_RATE_LIMIT_PER_MINUTE;
  response.setHeader("RateLimit-Policy", `"default";q=${limit};w=${windowSeconds}`);
  response.setHeader("RateLimit", `"default";r=${remaining};t=${secondsUntil(endsMs)}`);
  response.setHeader("X-RateLimit-Limit", String(limit));
  response.setHeader("X-RateLimit-Remaining", String(remaining));
  response.setHeader("X-RateLimit-Reset", String(Math.ceil(endsMs / 1_000)));
}
