import { createHash } from "node:crypto";
import { CompiledQuery } from "kysely";
import { type IRateLimiterOptions, RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { database } from "../database/database";
import { quantity } from "../format/quantity";
import { siteOf } from "../http/client-address";
import { HttpError } from "../http/http-error";

const minuteSeconds = 60;

/** Counts in PostgreSQL, so that all instances count together. */
export function limiter(keyPrefix: string, limit: Pick<IRateLimiterOptions, "points" | "duration">) {
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

function makeLimits() {
  return {
    proven: limiter("proven", { points: 10, duration: 15 * minuteSeconds }),
    accountFromAddress: limiter("account-address", { points: 10, duration: 15 * minuteSeconds }),
    address: limiter("address", { points: 100, duration: 15 * minuteSeconds }),
    site: limiter("site", { points: 400, duration: 15 * minuteSeconds }),
    account: limiter("account", { points: 100, duration: 60 * minuteSeconds }),
  };
}
let limits: ReturnType<typeof makeLimits> | undefined;

/** Neither addresses nor people's names lie about in the table of attempts. */
export function keyOf(...parts: string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("base64url");
}

type Counter = [limiter: ReturnType<typeof limiter>, key: string];

async function giveBack(counters: Counter[]): Promise<void> {
  for (const [counter, key] of counters) await counter.reward(key);
}

/** Counts in each of these, or in none when one of them is full. @throws HttpError 429 with `Retry-After`. */
async function countIn(counters: Counter[]): Promise<Counter[]> {
  for (const [at, [counter, key]] of counters.entries()) {
    try {
      await counter.consume(key);
    } catch (reason) {
      if (!(reason instanceof RateLimiterRes)) throw reason;
      await giveBack(counters.slice(0, at));
      throw tooManyAttempts(Math.ceil(reason.msBeforeNext / 1_000));
    }
  }
  return counters;
}

/**
 * Runs a check that was counted before. Only a check that gives undefined stays counted: one that throws has not
 * looked at the password, as when the server is busy.
 */
async function checkCounted<T>(counted: Counter[], check: () => Promise<T>): Promise<T> {
  try {
    const found = await check();
    const [[own, key], ...others] = counted as [Counter, ...Counter[]];
    if (found !== undefined) {
      await own.delete(key);
      await giveBack(others);
    }
    return found;
  } catch (error) {
    // When the database is away, the attempt stays counted.
    await giveBack(counted).catch(() => {});
    throw error;
  }
}

/**
 * Checks a password that somebody signs in with, and counts it if it is wrong: 10 in a quarter of an hour for an
 * account from one address, 100 from one address (of IPv6, a network of 64 bits), 400 from one IPv6 network of 48 bits,
 * and 100 an hour for an account (OWASP ASVS 6.3.1). One that is refused by a limit counts in no other, so one address cannot lock a person out.
 *
 * A browser that signed in to the account before has 10 in a quarter of an hour of its own, whatever others do; when they
 * are used up, it is treated like those of strangers.
 *
 * @param account an email address, whether somebody has it or not.
 * @param address of the client: see lib/http/client-address.ts.
 * @param device of a device cookie for this account, if the client has one: see device-cookie.ts.
 * @param check gives undefined for a wrong password.
 * @throws HttpError 429 with `Retry-After` in whole seconds.
 */
export async function countSignIn<T>(
  { account, address, device }: { account: string; address: string; device: string | undefined },
  check: () => Promise<T>,
): Promise<T> {
  limits ??= makeLimits();
  const site = siteOf(address);
  const untrusted: Counter[] = [
    [limits.accountFromAddress, keyOf(account, address)],
    [limits.address, keyOf(address)],
    ...(site === undefined ? [] : [[limits.site, keyOf(site)] as Counter]),
    [limits.account, keyOf(account)],
  ];
  const trusted: Counter[] = [[limits.proven, keyOf("device", account, device ?? "")]];
  const counted =
    device === undefined
      ? await countIn(untrusted)
      : await countIn(trusted).catch((error) => {
          if (error instanceof HttpError) return countIn(untrusted);
          throw error;
        });
  return checkCounted(counted, check);
}

/**
 * Does work for somebody who has proven something already, a session or an invitation's link, and counts it unless it
 * succeeds: 10 in a quarter of an hour. Strangers cannot use these up.
 *
 * @param proof what was proven, which nobody else has.
 * @param check gives undefined when it is to be counted.
 * @throws HttpError 429 with `Retry-After` in whole seconds.
 */
export async function countProven<T>(proof: string, check: () => Promise<T>): Promise<T> {
  limits ??= makeLimits();
  return checkCounted(await countIn([[limits.proven, keyOf(proof)]]), check);
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
