import { createHash } from "node:crypto";
import { CompiledQuery } from "kysely";
import { type IRateLimiterOptions, RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { database } from "../database/database";
import { quantity } from "../format/quantity";
import { siteOf } from "../http/client-address";
import { HttpError } from "../http/http-error";

const minuteSeconds = 60;

/** A limiter that counts in PostgreSQL, for all instances together. */
export function createLimiter(keyPrefix: string, limit: Pick<IRateLimiterOptions, "points" | "duration">) {
  const storeClient = {
    query: async ({ text, values }: { text: string; values: unknown[] }) => {
      const { rows } = await database().executeQuery(CompiledQuery.raw(text, values));
      return { rows, rowCount: rows.length };
    },
  };
  return new RateLimiterPostgres({
    ...limit,
    keyPrefix,
    storeClient,
    storeType: "client",
    tableName: "sign_in_attempts",
    tableCreated: true,
  });
}

function createLimiters() {
  return {
    trusted: createLimiter("trusted", { points: 10, duration: 15 * minuteSeconds }),
    accountFromAddress: createLimiter("account-address", { points: 10, duration: 15 * minuteSeconds }),
    address: createLimiter("address", { points: 100, duration: 15 * minuteSeconds }),
    site: createLimiter("site", { points: 400, duration: 15 * minuteSeconds }),
    account: createLimiter("account", { points: 100, duration: 60 * minuteSeconds }),
  };
}
let limiters: ReturnType<typeof createLimiters> | undefined;

/** Hashed, so that the table holds neither IP nor email addresses. */
export function limiterKey(...parts: string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("base64url");
}

export type Limit = [limiter: RateLimiterPostgres, key: string];

/**
 * Consumes a point of each limit, or of none when one is reached.
 *
 * @returns the limiter that is reached, and when it allows more.
 */
export async function consume(
  limits: Limit[],
): Promise<{ limiter: RateLimiterPostgres; retryAfterSeconds: number } | undefined> {
  for (const [index, [limiter, key]] of limits.entries()) {
    try {
      await limiter.consume(key);
    } catch (reason) {
      if (!(reason instanceof RateLimiterRes)) throw reason;
      await refund(limits.slice(0, index));
      return { limiter, retryAfterSeconds: Math.ceil(reason.msBeforeNext / 1_000) };
    }
  }
  return undefined;
}

/** @returns the limits. @throws HttpError 429 with `Retry-After` when one is reached. */
async function consumeAttempt(limits: Limit[]): Promise<Limit[]> {
  const reached = await consume(limits);
  if (reached) throw tooManyAttempts(reached.retryAfterSeconds);
  return limits;
}

async function refund(limits: Limit[]): Promise<void> {
  for (const [limiter, key] of limits) await limiter.reward(key);
}

/**
 * Runs an attempt whose points were consumed. They are refunded unless it gives undefined: if it throws, as when the
 * server is busy, it has not checked the password.
 */
async function refundUnlessFailed<T>(limits: Limit[], attempt: () => Promise<T>): Promise<T> {
  try {
    const result = await attempt();
    const [[limiter, key], ...others] = limits as [Limit, ...Limit[]];
    if (result !== undefined) {
      await limiter.delete(key);
      await refund(others);
    }
    return result;
  } catch (error) {
    // Without the database there is no refund.
    await refund(limits).catch(() => {});
    throw error;
  }
}

/**
 * Limits wrong passwords (OWASP ASVS 6.3.1): 10 in 15 minutes for an account from one address, 100 from one address (of
 * IPv6, a /64 network), 400 from one IPv6 /48 network, and 100 an hour for an account. An attempt refused by one limit
 * counts in no other, so that one address cannot lock a person out.
 *
 * A browser that has signed in to the account before has its own limit of 10 in 15 minutes, whatever others do; beyond it,
 * the limits of strangers apply.
 *
 * @param account an email address, which may have no account.
 * @param address the client's: see lib/http/client-address.ts.
 * @param device from the client's device cookie for this account: see device-cookie.ts.
 * @param attempt gives undefined for a wrong password.
 * @throws HttpError 429 with `Retry-After` in whole seconds.
 */
export async function limitSignIn<T>(
  { account, address, device }: { account: string; address: string; device: string | undefined },
  attempt: () => Promise<T>,
): Promise<T> {
  limiters ??= createLimiters();
  const site = siteOf(address);
  const untrusted: Limit[] = [
    [limiters.accountFromAddress, limiterKey(account, address)],
    [limiters.address, limiterKey(address)],
    ...(site === undefined ? [] : [[limiters.site, limiterKey(site)] as Limit]),
    [limiters.account, limiterKey(account)],
  ];
  if (device === undefined) return refundUnlessFailed(await consumeAttempt(untrusted), attempt);
  const own: Limit[] = [[limiters.trusted, limiterKey("device", account, device)]];
  const limits = (await consume(own)) ? await consumeAttempt(untrusted) : own;
  return refundUnlessFailed(limits, attempt);
}

/**
 * Limits the failed attempts of someone with a session or an invitation's link: 10 in 15 minutes. Strangers cannot use
 * these up.
 *
 * @param proof what only this person has.
 * @param attempt gives undefined when it has failed.
 * @throws HttpError 429 with `Retry-After` in whole seconds.
 */
export async function limitTrustedAttempts<T>(proof: string, attempt: () => Promise<T>): Promise<T> {
  limiters ??= createLimiters();
  return refundUnlessFailed(await consumeAttempt([[limiters.trusted, limiterKey(proof)]]), attempt);
}

function tooManyAttempts(retryAfterSeconds: number): HttpError {
  const minutes = Math.max(1, Math.ceil(retryAfterSeconds / minuteSeconds));
  return new HttpError(
    429,
    "too_many_attempts",
    `Too many attempts. Try again in ${quantity(minutes, "minute")}.`,
    { "Retry-After": String(retryAfterSeconds) },
  );
}
