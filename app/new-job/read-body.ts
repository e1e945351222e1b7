import { HttpError } from "@/lib/http/http-error";
import { uploadBytesMax } from "@/lib/http/json-body";
import { parseMultipartBody, textOfPart } from "@/lib/http/multipart-body";
import { mediaType, readStartOfBody } from "@/lib/http/read-body";

export interface NewJobBody {
  /** The fields but the file: without the spaces around them, and with the line breaks that were typed. */
  texts: Record<string, string>;
  /** Undefined if no file was chosen, or it is too large. */
  file: Buffer | undefined;
  /** Whether there are more than 10 MiB, of which only the fields before the file were read. */
  isTooLarge: boolean;
}

type StartOfBody = Awaited<ReturnType<typeof readStartOfBody>>;

/**
 * Reads the form that creates a job, for parseNewJobBody.
 *
 * @throws HttpError 415 for another media type, 400 when the client's connection fails.
 */
export async function readNewJobBody(request: Request): Promise<StartOfBody> {
  if (mediaType(request) !== "multipart/form-data") {
    throw new HttpError(415, "unsupported_body", "Send the form as multipart/form-data");
  }
  return readStartOfBody(request, uploadBytesMax);
}

/** @throws HttpError 400 for a body that is not such a form. */
export async function parseNewJobBody(request: Request, { bytes, isCut }: StartOfBody): Promise<NewJobBody> {
  const parts = await parseMultipartBody(request, isCut ? ended(bytes, request) : bytes);
  const texts: Record<string, string> = {};
  for (const [name, part] of parts) {
    if (name !== "file") texts[name] = textOfPart(part, name).replaceAll("\r\n", "\n").trim();
  }
  const file = isCut ? undefined : parts.get("file");
  return { texts, file: file?.length ? file : undefined, isTooLarge: isCut };
}

/** The beginning of a form as a form that ends there. */
function ended(bytes: Buffer, { headers }: Request): Buffer {
  const [, boundary = ""] = /;\s*boundary="?([^";]+)/i.exec(headers.get("content-type") ?? "") ?? [];
  return Buffer.concat([bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}
