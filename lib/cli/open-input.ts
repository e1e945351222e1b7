import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { HttpError } from "../http/http-error";

/**
 * Opens a file, or standard input for `-`.
 * @throws HttpError when there is no such file.
 */
export async function openInput(
  file: string,
): Promise<{ source: AsyncIterable<Uint8Array>; bytes?: number }> {
  if (file === "-") return { source: process.stdin };
  const found = await stat(file).catch(() => undefined);
  if (!found) throw new HttpError(404, "no_file", `File not found: ${file}`);
  if (found.isDirectory()) throw new HttpError(400, "no_file", `${file} is a folder, not a file`);
  return { source: readLater(file), bytes: found.size };
}

/** Opens the file only when it is read, so that the reader gets the error. */
async function* readLater(file: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(file);
}
