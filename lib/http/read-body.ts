import { HttpError } from "./http-error";

const incomplete = new HttpError(
  400,
  "incomplete_body",
  "The connection ended before the whole body had arrived",
);

/**
 * Reads a request's body.
 *
 * @param tooLarge the error for more than `bytesMax`.
 * @throws HttpError 400 when the client's connection fails.
 */
export async function readBody(request: Request, bytesMax: number, tooLarge: HttpError): Promise<Buffer> {
  if (Number(request.headers.get("content-length")) > bytesMax) throw tooLarge;
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of request.body ?? []) {
      size += piece.length;
      if (size > bytesMax) throw tooLarge;
      pieces.push(piece);
    }
  } catch (error) {
    // Not worth a line in the log.
    throw error instanceof HttpError ? error : incomplete;
  }
  return Buffer.concat(pieces);
}

/**
 * Reads the beginning of a request's body. The rest is read, too, and dropped: a browser shows no answer before it has
 * sent everything.
 *
 * @returns at most `bytesMax`, and whether there was more.
 * @throws HttpError 400 when the client's connection fails.
 */
export async function readStartOfBody(
  request: Request,
  bytesMax: number,
): Promise<{ bytes: Buffer; isCut: boolean }> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of request.body ?? []) {
      if (size < bytesMax) pieces.push(piece.subarray(0, bytesMax - size));
      size += piece.length;
    }
  } catch {
    throw incomplete;
  }
  return { bytes: Buffer.concat(pieces), isCut: size > bytesMax };
}

/** The media type of a request's body, such as `application/json`; empty without one. */
export function mediaType(request: Request): string {
  const [type = ""] = (request.headers.get("content-type") ?? "").split(";");
  return type.trim().toLowerCase();
}
