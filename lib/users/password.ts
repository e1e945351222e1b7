import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import pLimit from "p-limit";
import { HttpError } from "../http/http-error";

const scryptAsync = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

type Cost = Required<Pick<ScryptOptions, "N" | "r" | "p">>;

/** OWASP's choice for scrypt: N = 2^17, r = 8, p = 1, which takes 128 MiB and about 0.4 s. */
const cost: Cost = { N: 2 ** 17, r: 8, p: 1 };
const saltBytes = 16;
const hashBytes = 32;

/** Two at a time: a flood of sign-ins shall not take all memory, nor Node's few threads from the pages. */
const withOrganizationLock = pLimit(2);
/** As many may wait; the last of them for about six seconds where a hash takes 0.4 s. */
const waitingMax = 30;
/** Where a hash takes longer, whoever has waited for this long when their turn comes is sent away. */
const waitMaxMs = 6_000;

const busy = new HttpError(
  503,
  "busy",
  "Too many people are signing in right now. Try again in a few seconds.",
  {
    "Retry-After": "5",
  },
);

/**
 * Hashes a password off the event loop, with a salt of its own. The parameters travel with the hash, so
 * that they can be raised later: `scrypt$N$r$p$salt$hash`, the last two in base64url.
 *
 * @param password of any length; composed to Unicode's NFKC, so that it matches on every keyboard.
 * @throws HttpError 503 when too many are at it.
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, salt, cost);
  return ["scrypt", cost.N, cost.r, cost.p, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

/**
 * Whether a password is the one that was hashed. Takes as long for a person who does not exist.
 *
 * @param stored what `hashPassword` gave; undefined when there is nobody, which no password matches.
 * @throws HttpError 503 when too many are at it.
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
  if (withOrganizationLock.pendingCount >= waitingMax) throw busy;
  const askedMs = performance.now();
  const options = { ...by, maxmem: 256 * by.N * by.r };
  return withOrganizationLock(async () => {
    if (performance.now() - askedMs > waitMaxMs) throw busy;
    return scryptAsync(password.normalize("NFKC"), salt, hashBytes, options);
  });
}
