import type { z } from "zod";
import { HttpError } from "./http-error";
import { snakeCase } from "./parse-query";
import { mediaType, readBody } from "./read-body";

/** More than any form needs. */
const bytesMax = 16 * 1_024;

const tooLarge = new HttpError(413, "body_too_large", `The body can have at most ${bytesMax / 1_024} KiB`);
const invalid = new HttpError(400, "invalid_body", "The body doesn’t match its Content-Type");

async function readText(request: Request): Promise<string> {
  return (await readBody(request, bytesMax, tooLarge)).toString("utf8");
}

/**
 * Reads a form's fields, from `application/x-www-form-urlencoded` or a JSON object of strings, of at most 16 KiB.
 *
 * @throws HttpError 413, 415, or 400 for an incomplete body, JSON that is not an object, or a repeated field.
 */
export async function readForm(request: Request): Promise<Record<string, string>> {
  switch (mediaType(request)) {
    case "application/x-www-form-urlencoded":
      return fromPairs([...new URLSearchParams(await readText(request))]);
    case "application/json":
      return fromJson(await readText(request));
    default:
      throw new HttpError(415, "unsupported_body", "Send a form, or JSON");
  }
}

function fromPairs(pairs: [string, unknown][]): Record<string, string> {
  const form: Record<string, string> = Object.create(null);
  for (const [name, value] of pairs) {
    if (name in form) throw new HttpError(400, "repeated_field", `${name.slice(0, 64)} must be given once`);
    // JSON can contain half of a surrogate pair, which no URL can.
    if (typeof value === "string" || typeof value === "boolean") form[name] = String(value).toWellFormed();
  }
  return form;
}

function fromJson(text: string): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid;
  return fromPairs(Object.entries(value));
}

/**
 * Validates a form's fields. An empty one counts as absent, because browsers send empty fields.
 *
 * @throws HttpError 400 `invalid_<field>` for the first invalid field.
 */
export function parseForm<S extends z.ZodObject>(schema: S, form: Record<string, string>): z.infer<S> {
  const given = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== ""));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = String(issue?.path[0]);
  const rule = given[field] === undefined ? `is missing: it ${issue?.message}` : issue?.message;
  throw new HttpError(400, `invalid_${snakeCase(field)}`, `${field} ${rule}`);
}
