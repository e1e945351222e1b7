import { randomBytes } from "node:crypto";

/** A new identifier such as `key_9f86d081884c7d659a2feaa0`: 96 random bits, so two never meet. */
export function newIdentifier(kind: "invitation" | "key" | "org" | "user"): string {
  return `${kind}_${randomBytes(12).toString("hex")}`;
}
