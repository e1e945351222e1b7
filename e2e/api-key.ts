import { randomInt } from "node:crypto";
import { crc32 } from "node:zlib";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The form of API keys, written a second time from the issue, so that the tests do not trust the code. */
export function makeApiKey(): string {
  const secret = Array.from({ length: 43 }, () => alphabet[randomInt(62)]).join("");
  let rest = crc32(secret);
  let checksum = "";
  for (let digit = 0; digit < 6; digit++) {
    checksum = alphabet[rest % 62] + checksum;
    rest = Math.floor(rest / 62);
  }
  return `tk_live_${secret}${checksum}`;
}
