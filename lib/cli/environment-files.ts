import { readFileSync } from "node:fs";
import nextEnvironment from "@next/env";

/**
 * Reads `.env` and its like, as Next does, into this process's environment.
 * @throws Error that names a file which is not UTF-8: its variables would be missing without a word.
 */
export function loadEnvironmentFiles(isDevelopment = false): void {
  const mode = isDevelopment ? "development" : "production";
  for (const name of [".env", ".env.local", `.env.${mode}`, `.env.${mode}.local`]) {
    if (isUtf8(readIfThere(name))) continue;
    throw new Error(`${name} is not UTF-8 text; Windows may have saved it as UTF-16. Save it as UTF-8.`);
  }
  nextEnvironment.loadEnvConfig(process.cwd(), isDevelopment, { info: () => {}, error: console.error });
}

/** UTF-16 has zero bytes wherever a line of a variable does. */
function isUtf8(content: Buffer): boolean {
  return !content.includes(0) && !content.subarray(0, 2).equals(Buffer.from([0xff, 0xfe]));
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    // Absent, or for Next to complain about.
    return Buffer.alloc(0);
  }
}
