import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import pLimit from "p-limit";
import { HttpError } from "../http/http-error";

const scryptAsync = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

type Cost = Required<Pick<ScryptOptions, "N" | "r" | "p">>;

/** As OWASP recommends for scrypt; takes 128 MiB and about 0.4 s. */
const cost: Cost = { N: 2 ** 17, r: 8, p: 1 };
const saltBytes = 16;
const hashBytes = 32;

/** Two at a time, so that many sign-ins use up neither the memory nor Node's thread pool. */
const limitConcurrency = pLimit(2);
const waitingMax = 30;
/** On machines that take longer than 0.4 s for a hash, the wait is limited by time. */
const waitMaxMs = 6_000;

const busy = new HttpError(
  503,
  "busy",
  "Too many people are signing in right now. Try again in a few seconds.",
  { "Retry-After": "5" },
);

/**
 * Hashes a password off the event loop, with a random salt.
 *
 * @param password normalized to Unicode's NFKC, so that it matches from every keyboard.
 * @returns `scrypt$N$r$p$salt$hash`, the last two in base64url: with its parameters, so that these can be raised later.
 * @throws HttpError 503 when too many passwords are being hashed.
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, salt, cost);
  return ["scrypt", cost.N, cost.r, cost.p, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

/**
 * Whether a password matches a hash.
 *
 * @param stored from `hashPassword`; undefined for an unknown user, which takes the same time and never matches.
 * @throws HttpError 503 when too many passwords are being hashed.
 */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, N, r, p, salt = "", hash = ""] = stored?.split("$") ?? [];
  if (stored === undefined) {
    await derive(password, Buffer.alloc(saltBytes), cost);
    return false;
  }
  const derived = await derive(password, Buffer.from(salt, "base64url"), {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  });
  return timingSafeEqual(derived, Buffer.from(hash, "base64url"));
}

async function derive(password: string, salt: Buffer, by: Cost): Promise<Buffer> {
  if (limitConcurrency.pendingCount >= waitingMax) throw busy;
  const startMs = performance.now();
  const options = { ...by, maxmem: 256 * by.N * by.r };
  return limitConcurrency(async () => {
    if (performance.now() - startMs > waitMaxMs) throw busy;
    return scryptAsync(password.normalize("NFKC"), salt, hashBytes, options);
  });
}
