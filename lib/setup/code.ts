import { createHmac, timingSafeEqual } from "node:crypto";
import { environment } from "../environment";

/** Crockford's base 32, without characters that look alike. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * The code that the server prints at start and an operator types to create the first owner: 80 bits derived from
 * NEXTAUTH_SECRET, so that all instances have the same one without storing it.
 */
export function setupCode(): string {
  const digest = createHmac("sha256", environment().NEXTAUTH_SECRET).update("batch-jobs setup").digest();
  const letters = [...digest.subarray(0, 16)].map((byte) => alphabet[byte % alphabet.length]).join("");
  return letters.replace(/(.{4})(?=.)/g, "$1-");
}

/** Ignores case, spaces, hyphens, and O for 0 or I for 1. */
export function isSetupCode(given: string): boolean {
  const normalize = (code: string) => {
    const letters = code.toUpperCase().replace(/[^0-9A-Z]/g, "");
    return Buffer.from(letters.replaceAll("O", "0").replaceAll(/[IL]/g, "1"));
  };
  const [expected, actual] = [normalize(setupCode()), normalize(given)];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
