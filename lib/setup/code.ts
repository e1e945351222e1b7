import { createHmac, timingSafeEqual } from "node:crypto";
import { environment } from "../environment";

/** Letters and digits that nobody mistakes for another (Crockford's base 32). */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * What an operator reads where the server starts, and types to make the first owner: 80 bits, derived from
 * NEXTAUTH_SECRET, so that all instances print the same one and none has to store it.
 */
export function setupCode(): string {
  const digest = createHmac("sha256", environment().NEXTAUTH_SECRET).update("batch-jobs setup").digest();
  const letters = [...digest.subarray(0, 16)].map((byte) => alphabet[byte % alphabet.length]).join("");
  return letters.replace(/(.{4})(?=.)/g, "$1-");
}

/** Whether somebody typed the setup code; case, spaces, hyphens, and O for 0 or I for 1 do not matter. */
export function isSetupCode(given: string): boolean {
  const plain = (code: string) => {
    const letters = code.toUpperCase().replace(/[^0-9A-Z]/g, "");
    return Buffer.from(letters.replaceAll("O", "0").replaceAll(/[IL]/g, "1"));
  };
  const [wanted, typed] = [plain(setupCode()), plain(given)];
  return wanted.length === typed.length && timingSafeEqual(wanted, typed);
}
