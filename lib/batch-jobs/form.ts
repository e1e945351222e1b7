import { z } from "zod";
import { HttpError } from "../http/http-error";
import { type Form, textOfPart } from "../http/multipart-body";
import { NewBatchJob } from "./schema";

/** The body of `POST /batch/create` as `multipart/form-data`: with the contacts in a file. */
export const BatchJobForm = NewBatchJob.omit({ contacts: true }).extend({
  file: z.instanceof(Buffer).meta({
    type: "string",
    contentMediaType: "text/csv",
    description:
      "CSV in UTF-8, with a header that has a column `phone`. All other columns are kept for the agent; `name` is one of them. Rows without a phone number in E.164 are skipped.",
  }),
});

/**
 * The fields of such a form as JSON would have them. An empty one counts as missing.
 *
 * @throws HttpError 400 `invalid_csv` without a file (contract).
 */
export function fieldsOfForm(form: Form): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, part] of form) {
    if (part.length === 0) continue;
    if (name === "file") fields.file = part;
    else fields[name] = fieldOfText(name, textOfPart(part, name));
  }
  if (!("file" in fields)) {
    throw new HttpError(400, "invalid_csv", "The form has no CSV file: send it as the field file");
  }
  return fields;
}

/** A field as JSON would have it. */
export function fieldOfText(name: string, text: string): string | number {
  const isNumber = ["concurrentCallLimit", "maxAttempts"].includes(name) && /^\d{1,9}$/.test(text);
  return isNumber ? Number(text) : text;
}
