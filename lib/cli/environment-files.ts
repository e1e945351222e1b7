import { readFileSync } from "node:fs";
import { loadEnvConfig } from "@next/env";

/**
 * Loads `.env` and similar files into this process's environment, as Next does.
 * @throws Error for a file that is not UTF-8, because its variables would silently be missing.
 */
export function loadEnvironmentFiles(isDevelopment = false): void {
  const mode = isDevelopment ? "development" : "production";
  for (const name of [".env", ".env.local", `.env.${mode}`, `.env.${mode}.local`]) {
    if (isUtf8(readIfPresent(name))) continue;
    throw new Error(`${name} is not UTF-8 text; Windows may have saved it as UTF-16. Save it as UTF-8.`);
  }
  loadEnvConfig(process.cwd(), isDevelopment, { info: () => {}, error: console.error });
}

/** UTF-16 text has zero bytes or a byte order mark. */
function isUtf8(content: Buffer): boolean {
  return !content.includes(0) && !content.subarray(0, 2).equals(Buffer.from([0xff, 0xfe]));
}

function readIfPresent(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    // Next reports files that exist but cannot be read.
    return Buffer.alloc(0);
  }
}
