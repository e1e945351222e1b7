import { createHash, randomBytes } from "node:crypto";

const tokenPattern = /^[A-Za-z0-9_-]{43}$/;
const sha256 = (token: string) => createHash("sha256").update(token).digest();

/** 256 random bits, for a cookie or a link; only the hash is stored. */
export function newToken(): { token: string; hash: Buffer } {
  const token = randomBytes(32).toString("base64url");
  return { token, hash: sha256(token) };
}

/** The stored SHA-256 of a token from outside; undefined for a malformed one. */
export function hashToken(token: string): Buffer | undefined {
  return tokenPattern.test(token) ? sha256(token) : undefined;
}
