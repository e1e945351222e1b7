import { HttpError } from "./http-error";

const incomplete = new HttpError(400, "incomplete_body", "The body ended before all of it had come");

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

/** The media type of a request's body, such as `application/json`; empty without one. */
export function mediaType(request: Request): string {
  const [type = ""] = (request.headers.get("content-type") ?? "").split(";");
  return type.trim().toLowerCase();
}
