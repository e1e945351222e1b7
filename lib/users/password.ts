import { randomBytes, type ScryptOptions, scrypt } from "node:crypto";

/** OWASP's choice for scrypt: N = 2^17, r = 8, p = 1, which takes 128 MiB and about 0.4 s. */
const cost: Required<Pick<ScryptOptions, "N" | "r" | "p">> = { N: 2 ** 17, r: 8, p: 1 };
const saltBytes = 16;
const hashBytes = 32;

/**
 * Hashes a password off the event loop, with a salt of its own. The parameters travel with the hash, so
 * that they can be raised later: `scrypt$N$r$p$salt$hash`, the last two in base64url.
 *
 * @param password of any length; composed to Unicode's NFKC, so that it matches on every keyboard.
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, salt);
  return ["scrypt", cost.N, cost.r, cost.p, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  const maxmem = 256 * cost.N * cost.r;
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, hashBytes, { ...cost, maxmem }, (error, hash) =>
      error ? reject(error) : resolve(hash),
    );
  });
}
