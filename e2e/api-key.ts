import { randomInt } from "node:crypto";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** CRC-32 (IEEE 802.3), bit by bit. */
function crc32(text: string): number {
  let sum = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

/** The format of API keys, implemented independently of the code under test. */
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
