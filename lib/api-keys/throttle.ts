import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import { environment } from "../environment";
import { HttpError } from "../http/http-error";

// Next bundles this file more than once, and all copies must count together.
const shared = globalThis as { batchJobsApiLimiter?: RateLimiterMemory };

export function isThrottling(): boolean {
  return environment().API_RATE_LIMIT_PER_MINUTE > 0;
}

/**
 * Allows a key API_RATE_LIMIT_PER_MINUTE requests a minute in each process, 0 for no limit.
 *
 * @throws HttpError 429 with `Retry-After` in whole seconds (RFC 9110).
 */
export async function throttle(apiKeyId: string): Promise<void> {
  if (!isThrottling()) return;
  shared.batchJobsApiLimiter ??= new RateLimiterMemory({
    points: environment().API_RATE_LIMIT_PER_MINUTE,
    duration: 60,
  });
  try {
    await shared.batchJobsApiLimiter.consume(apiKeyId);
  } catch (reason) {
    const retryAfterSeconds = Math.ceil((reason as RateLimiterRes).msBeforeNext / 1_000);
    throw new HttpError(429, "rate_limited", `Too many requests: try again in ${retryAfterSeconds} s`, {
      "Retry-After": String(retryAfterSeconds),
    });
  }
}
