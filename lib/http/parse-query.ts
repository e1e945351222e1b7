import type { z } from "zod";
import { Refusal } from "../refusal";

/** `pageSize` → `page_size`, for the contract's codes such as `invalid_page_size`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * Reads the parameters that `schema` names, each handed over as the list of its values.
 *
 * @throws Refusal 400 for the first parameter, in the schema's order, that breaks its rule:
 *   `missing_…` when a required one is absent, `invalid_…` otherwise, with the schema's message.
 */
export function parseQuery<S extends z.ZodObject>(schema: S, parameters: URLSearchParams): z.infer<S> {
  const given: Record<string, string[]> = {};
  for (const name of Object.keys(schema.shape)) {
    if (parameters.has(name)) given[name] = parameters.getAll(name);
  }
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = String(issue?.path[0]);
  throw new Refusal(400, `${name in given ? "invalid" : "missing"}_${snakeCase(name)}`, issue?.message ?? "");
}

/** Longest list of ignored names in a header: beyond these bounds the rest is cut off. */
const ignoredNamesMax = 20;
const ignoredNameLengthMax = 64;

/**
 * The header that names parameters `schema` does not know, so that a client that sends `limit=50` can
 * see why it got 20 rows. Names are percent-encoded: they come from outside and may hold anything.
 */
export function ignoredParameters(schema: z.ZodObject, parameters: URLSearchParams): Record<string, string> {
  const unknown = new Set(
    [...parameters.keys()].filter((name) => name !== "" && !Object.hasOwn(schema.shape, name)),
  );
  if (unknown.size === 0) return {};
  const names = [...unknown]
    .slice(0, ignoredNamesMax)
    .map((name) => encodeURIComponent(name.slice(0, ignoredNameLengthMax).toWellFormed()));
  return { "X-Ignored-Parameters": names.join(", ") };
}
