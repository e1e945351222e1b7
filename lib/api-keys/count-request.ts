import { once } from "node:events";
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from "rate-limiter-flexible";
import { environment } from "../environment";
import { logError } from "../log";

export const windowSeconds = 60;

/** A request counts ten points, so that a 304 can count one. */
const pointsPerRequest = 10;
const pointsPerNotModified = 1;

/**
 * How long a connection to Redis may not respond. Then it is closed, so that only requests of this time have waited:
 * those after them count in the process until there is a new connection, which is tried every second.
 */
const redisTimeoutMs = 500;
const redisReconnectMs = 1_000;

export interface CountedRequest {
  isAllowed: boolean;
  /** How many more requests the window allows. */
  remaining: number;
  /** When the window ends: Unix time in milliseconds. */
  endsMs: number;
  /** Counts the request as a 304. @returns how many more are allowed then. */
  countAsNotModified(): number;
}

type Counter = (apiKeyId: string) => Promise<CountedRequest>;

/** @throws what the limiter's store throws. */
async function count(limiter: RateLimiterAbstract, apiKeyId: string): Promise<CountedRequest> {
  let isAllowed = true;
  const { remainingPoints, msBeforeNext } = await limiter
    .consume(apiKeyId, pointsPerRequest)
    .catch((reason) => {
      if (!(reason instanceof RateLimiterRes)) throw reason;
      isAllowed = false;
      return reason;
    });
  const endsMs = Date.now() + msBeforeNext;
  const requests = (points: number) => Math.floor(points / pointsPerRequest);
  return {
    isAllowed,
    remaining: requests(remainingPoints),
    endsMs,
    countAsNotModified: () => {
      const refund = pointsPerRequest - pointsPerNotModified;
      // In the next window there is nothing to give back. Not awaited, as the response does not depend on it.
      if (Date.now() < endsMs) limiter.reward(apiKeyId, refund).catch(() => {});
      return requests(remainingPoints + refund);
    },
  };
}

async function connectRedis(url: string) {
  // Not loaded without REDIS_URL.
  const { Redis } = await import("ioredis");
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  return new Redis({
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(port) || 6379,
    username: decodeURIComponent(username) || undefined,
    password: decodeURIComponent(password) || undefined,
    db: Number(pathname.slice(1)),
    tls: protocol === "rediss:" ? {} : undefined,
    connectTimeout: redisReconnectMs,
    commandTimeout: redisTimeoutMs,
    socketTimeout: redisTimeoutMs,
    retryStrategy: () => redisReconnectMs,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
  });
}

/** Counts in Redis, for all instances together; while it is unavailable, in this process. */
async function createRedisCounter(
  url: string,
  limit: { points: number; duration: number },
  inProcess: Counter,
): Promise<Counter> {
  const redis = await connectRedis(url);
  const limiter = new RateLimiterRedis({
    ...limit,
    keyPrefix: "batch-jobs:api-key",
    storeClient: redis,
    rejectIfRedisNotReady: true,
  });
  let connectionError: Error | undefined;
  let isUnavailable = false;
  redis.on("error", (error) => {
    connectionError = error;
  });
  redis.on("ready", () => {
    connectionError = undefined;
  });
  // Only the first request can find no connection that is ready. An error or the timeout means that Redis is unavailable.
  await once(redis, "ready", { signal: AbortSignal.timeout(redisReconnectMs) }).catch(() => {});
  return async (apiKeyId) => {
    try {
      const counted = await count(limiter, apiKeyId);
      if (isUnavailable)
        console.warn("Redis is available again: API rate limits are counted for all instances together");
      isUnavailable = false;
      return counted;
    } catch (error) {
      if (!isUnavailable) {
        const message = "Redis is unavailable: API rate limits are counted in each instance";
        logError(message, connectionError ?? error, { requestId: undefined });
      }
      isUnavailable = true;
      return inProcess(apiKeyId);
    }
  };
}

async function createCounter(): Promise<Counter> {
  const { API_RATE_LIMIT_PER_MINUTE, REDIS_URL } = environment();
  const limit = { points: API_RATE_LIMIT_PER_MINUTE * pointsPerRequest, duration: windowSeconds };
  const memory = new RateLimiterMemory(limit);
  const inProcess: Counter = (apiKeyId) => count(memory, apiKeyId);
  return REDIS_URL === undefined ? inProcess : createRedisCounter(REDIS_URL, limit, inProcess);
}

// Next bundles this file more than once, and all copies must count together.
const shared = globalThis as { batchJobsRequestCounter?: Promise<Counter> };

/** Counts a request against the limit of its API key, which must be set. */
export async function countRequest(apiKeyId: string): Promise<CountedRequest> {
  shared.batchJobsRequestCounter ??= createCounter();
  return (await shared.batchJobsRequestCounter)(apiKeyId);
}
