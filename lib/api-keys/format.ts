import { createHash, randomBytes } from "node:crypto";
import CRC32 from "crc-32";

const prefix = "tk_live_";
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const secretLength = 43; // 32 bytes in base62
const checksumLength = 6; // 32 bits in base62

const pattern = new RegExp(`^${prefix}([0-9A-Za-z]{${secretLength}})([0-9A-Za-z]{${checksumLength}})$`);

/** Base62, most significant digit first, padded with "0". */
function base62(value: bigint, length: number): string {
  let digits = "";
  for (let rest = value; digits.length < length; rest /= 62n) digits = alphabet[Number(rest % 62n)] + digits;
  return digits;
}

/** CRC-32 (IEEE 802.3) of the secret's characters, to recognize a mistyped key without a query. */
function checksum(secret: string): string {
  return base62(BigInt(CRC32.str(secret) >>> 0), checksumLength);
}

/** A new API key: `tk_live_`, 32 random bytes as 43 base62 characters, 6 characters of checksum. */
export function generateApiKey(): string {
  const secret = base62(BigInt(`0x${randomBytes(32).toString("hex")}`), secretLength);
  return `${prefix}${secret}${checksum(secret)}`;
}

/** Whether a text has the format and checksum of an API key; it may not exist. */
export function isWellFormedApiKey(text: string): boolean {
  const [, secret, sum] = pattern.exec(text) ?? [];
  return secret !== undefined && checksum(secret) === sum;
}

/** What is stored of a key. Plain SHA-256 is enough, as 256 random bits cannot be guessed. */
export function hashApiKey(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}

/** The parts that are stored, for people to recognize a key. */
export function visibleParts(key: string): { start: string; lastFour: string } {
  return { start: key.slice(0, prefix.length + 4), lastFour: key.slice(-4) };
}
