import { finished } from "node:stream/promises";
import Busboy from "@fastify/busboy";
import type { HttpError } from "./http-error";
import { decodeUtf8, invalidBody } from "./json-body";
import { quoted } from "./quoted";

/** Far more than an endpoint takes: unknown ones are named. */
const partsMax = 100;

/** The parts of a form by their names. */
export type Form = Map<string, Buffer>;

/**
 * Parses `multipart/form-data` (RFC 7578). The parser, unlike `Request.formData()`, does the same in all versions of
 * Node.js and limits the number of parts.
 *
 * @param bytes the whole body.
 * @throws HttpError 400 for a body that is not such a form, has a name twice, or more than 100 parts.
 */
export async function parseMultipartBody(request: Request, bytes: Buffer): Promise<Form> {
  const parts = new Map<string, Buffer[]>();
  let refused: HttpError | undefined;
  try {
    const parser = new Busboy({
      headers: { "content-type": request.headers.get("content-type") ?? "" },
      // A text is given as bytes, too: the parser would replace what is not UTF-8.
      isPartAFile: () => true,
      limits: { parts: partsMax, headerPairs: 20, headerSize: 8_192 },
    });
    parser.on("partsLimit", () => {
      refused ??= invalidBody(`The form can have at most ${partsMax} parts`);
    });
    parser.on("file", (name: string | undefined, content) => {
      const pieces: Buffer[] = [];
      if (name === undefined) refused ??= invalidBody("A part of the form has no name");
      else if (parts.has(name)) refused ??= invalidBody(`The field ${quoted(name)} is given twice`);
      else parts.set(name, pieces);
      content.on("data", (piece) => pieces.push(piece));
      // The parser has the same error.
      content.on("error", () => {});
    });
    parser.on("error", () => {});
    parser.end(bytes);
    await finished(parser);
  } catch {
    throw invalidBody("The body is not valid multipart/form-data");
  }
  if (refused) throw refused;
  return new Map([...parts].map(([name, pieces]) => [name, Buffer.concat(pieces)]));
}

/** The text of a part. @throws HttpError 400 for one that is not UTF-8. */
export function textOfPart(part: Buffer, name: string): string {
  return decodeUtf8(part, () => invalidBody(`The field ${quoted(name)} is not valid UTF-8`));
}
