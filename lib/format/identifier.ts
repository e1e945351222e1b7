import { randomBytes } from "node:crypto";
import { v7 as uuidVersion7 } from "uuid";

/** Such as `key_9f86d081884c7d659a2feaa0`: 96 random bits. */
export function newIdentifier(kind: "invitation" | "key" | "org" | "user"): string {
  return `${kind}_${randomBytes(12).toString("hex")}`;
}

/**
 * A batch job's id such as `batch_019abc8a3f5e7c20a1b2c3d4e5f60718`: a UUID version 7 (RFC 9562) without dashes. Ids sort
 * by creation time, so that of two jobs of the same second the later one comes first in the list.
 *
 * @param options for a reproducible id: its time in ms since 1970, and its 16 random bytes.
 */
export function batchJobId(options?: { msecs: number; random: Uint8Array }): string {
  return `batch_${uuidVersion7(options).replaceAll("-", "")}`;
}
