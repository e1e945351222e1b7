import type { z } from "zod";
import { HttpError } from "./http-error";
import { nearestName } from "./nearest-name";
import { snakeCase } from "./parse-query";
import { quoted, quotedJson } from "./quoted";

/**
 * Validates the fields of a JSON body.
 *
 * @param schema strict: a misspelled field is refused instead of ignored.
 * @throws HttpError 400 for the first invalid field: `missing_<field>`, `invalid_<field>` or `unknown_field`.
 */
export function parseFields<S extends z.ZodObject>(schema: S, given: Record<string, unknown>): z.infer<S> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const names = Object.keys(schema.shape);
  if (issue?.code === "unrecognized_keys") {
    const [unknown = ""] = issue.keys;
    const meant = nearestName(unknown, names);
    const hint = meant === undefined ? `there are ${names.join(", ")}` : `did you mean ${meant}?`;
    throw new HttpError(400, "unknown_field", `Unknown field ${quoted(unknown)}: ${hint}`);
  }
  const field = String(issue?.path[0]);
  const value = given[field];
  if (value === undefined) {
    throw new HttpError(400, `missing_${snakeCase(field)}`, `${field} is missing: it ${issue?.message}`);
  }
  const detail = `${field} ${issue?.message}; got ${quotedJson(value)}`;
  throw new HttpError(400, `invalid_${snakeCase(field)}`, detail);
}
