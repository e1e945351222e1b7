import { randomBytes } from "node:crypto";
import { v7 as uuidVersion7 } from "uuid";

/** A new identifier such as `key_9f86d081884c7d659a2feaa0`: 96 random bits, so two never meet. */
export function newIdentifier(kind: "invitation" | "key" | "org" | "user"): string {
  return `${kind}_${randomBytes(12).toString("hex")}`;
}

/**
 * A new identifier of a batch job, such as `batch_019abc8a3f5e7c20a1b2c3d4e5f60718`: a UUID version 7 (RFC 9562) without
 * dashes. Compared byte by byte, ids stand in the order in which they were made, within a millisecond of one process
 * too, so that of two jobs of one second the later one comes first in the list.
 *
 * @param of the time that the id begins with, in ms since 1970, and the 16 bytes that it ends with, for an id that is
 *   to be the same each time.
 */
export function batchJobId(of?: { msecs: number; random: Uint8Array }): string {
  return `batch_${uuidVersion7(of).replaceAll("-", "")}`;
}
