import { createHash } from "node:crypto";
import { CompiledQuery } from "kysely";
import { type IRateLimiterOptions, RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { database } from "../database";
import { quantity } from "../quantity";
import { Refusal } from "../refusal";

const minuteSeconds = 60;
const daySeconds = 86_400;

/** Counts in PostgreSQL, so that all instances count together. */
function limiter(keyPrefix: string, limit: Pick<IRateLimiterOptions, "points" | "duration">) {
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
    accountFromAddress: limiter("account-address", { points: 10, duration: 15 * minuteSeconds }),
    address: limiter("address", { points: 100, duration: 15 * minuteSeconds }),
    account: limiter("account", { points: 100, duration: 60 * minuteSeconds }),
    mailFrom: limiter("mail-from", { points: 100, duration: daySeconds }),
    mailTo: limiter("mail-to", { points: 10, duration: daySeconds }),
  };
}
let limits: ReturnType<typeof makeLimits> | undefined;

/** Neither addresses nor people's names lie about in the table of attempts. */
function keyOf(...parts: string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("base64url");
}

/**
 * Counts an attempt to sign in before its password is looked at: 10 in a quarter of an hour for an account
 * from one address, 100 from one address, and 100 an hour for an account (OWASP ASVS 6.3.1). An attempt that
 * is refused for its address is not counted against the account, so one address cannot lock a person out.
 *
 * @param account an email address, whether somebody has it or not; or another thing that can be guessed at.
 * @param address of the client: see lib/http/client-address.ts.
 * @returns call it when the attempt succeeded: it was none of a guesser's.
 * @throws Refusal 429 with `Retry-After` in whole seconds.
 */
export async function countAttempt(account: string, address: string): Promise<() => Promise<void>> {
  limits ??= makeLimits();
  const { accountFromAddress, address: ofAddress, account: ofAccount } = limits;
  const [pair, source, name] = [keyOf(account, address), keyOf(address), keyOf(account)];
  try {
    await accountFromAddress.consume(pair);
    await ofAddress.consume(source);
    await ofAccount.consume(name);
  } catch (reason) {
    if (!(reason instanceof RateLimiterRes)) throw reason;
    throw tooManyAttempts(Math.ceil(reason.msBeforeNext / 1_000));
  }
  return async () => {
    await accountFromAddress.delete(pair);
    await ofAddress.reward(source);
    await ofAccount.reward(name);
  };
}

/**
 * Counts a mail before it is sent, as its words are partly its sender's: 100 a day of an organization, 10 to an address.
 *
 * @returns whether it may be sent.
 */
export async function countMail(organizationId: string, email: string): Promise<boolean> {
  limits ??= makeLimits();
  try {
    await limits.mailTo.consume(keyOf(email));
    await limits.mailFrom.consume(keyOf(organizationId));
    return true;
  } catch (reason) {
    if (!(reason instanceof RateLimiterRes)) throw reason;
    return false;
  }
}

function tooManyAttempts(retryAfterSeconds: number): Refusal {
  const minutes = Math.max(1, Math.ceil(retryAfterSeconds / minuteSeconds));
  return new Refusal(
    429,
    "too_many_attempts",
    `Too many attempts. Try again in ${quantity(minutes, "minute")}.`,
    { "Retry-After": String(retryAfterSeconds) },
  );
}
