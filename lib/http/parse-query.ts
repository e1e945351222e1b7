import { z } from "zod";
import { HttpError } from "./http-error";
import { nearestName } from "./nearest-name";
import { prefersStrict, strictApplied } from "./prefer";
import { quoted } from "./quoted";

/** The query of an endpoint without parameters. */
export const NoQuery = z.object({});

/** The query of a write, of which `Viewer.forWrite` has checked the organization. */
export const WriteQuery = z.object({
  organizationId: z
    .array(z.string())
    .optional()
    .meta({
      parameter: { type: "string" },
      description: "Not needed: the API key's organization. Any other is refused.",
    }),
});

/** `pageSize` → `page_size`, for the contract's codes such as `invalid_page_size`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * The parameter that a name in an address means. `status[]` and `status[0]`, as axios and PHP write lists, are `status`,
 * which the schema marks by `.meta({ isList: true })`. Undefined for a name that the schema does not know.
 */
function parameterOf(schema: z.ZodObject, name: string): string | undefined {
  if (Object.hasOwn(schema.shape, name)) return name;
  const list = /^(\w+)\[\d*\]$/.exec(name)?.[1];
  const isList =
    list !== undefined && Object.hasOwn(schema.shape, list) && schema.shape[list]?.meta()?.isList;
  return isList ? list : undefined;
}

/** The names that the schema does not know, each once. */
function unknownNames(schema: z.ZodObject, parameters: URLSearchParams): string[] {
  const names = new Set(parameters.keys());
  return [...names].filter((name) => name !== "" && parameterOf(schema, name) === undefined);
}

/** What an error's code calls a parameter: its name, unless the schema says otherwise by `.meta({ code })`. */
export function codeOf(schema: z.ZodObject, name: string): string {
  return String(schema.shape[name]?.meta()?.code ?? snakeCase(name));
}

/**
 * Reads the parameters that `schema` names, each handed over as the list of its values.
 *
 * @throws HttpError 400 for the first parameter, in the schema's order, that breaks its rule:
 *   `missing_…` when a required one is absent, `invalid_…` otherwise, with the schema's message.
 */
export function parseQuery<S extends z.ZodObject>(schema: S, parameters: URLSearchParams): z.infer<S> {
  const given: Record<string, string[]> = {};
  for (const [name, value] of parameters) {
    const parameter = parameterOf(schema, name);
    if (parameter === undefined) continue;
    given[parameter] ??= [];
    given[parameter].push(value);
  }
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = String(issue?.path[0]);
  const message = issue?.message ?? "";
  if (name in given) throw new HttpError(400, `invalid_${codeOf(schema, name)}`, message);
  const similar = unknownNames(schema, parameters).find((unknown) => nearestName(unknown, [name]));
  const hint = similar === undefined ? "" : `; got ${quoted(similar)}: did you mean ${name}?`;
  throw new HttpError(400, `missing_${snakeCase(name)}`, message + hint);
}

/** @throws HttpError 400 for a parameter that `schema` does not know: for clients that ask for strict handling. */
function refuseUnknownParameters(schema: z.ZodObject, parameters: URLSearchParams): void {
  const [unknown] = unknownNames(schema, parameters);
  if (unknown === undefined) return;
  const names = Object.keys(schema.shape);
  const meant = nearestName(unknown, names);
  const all = names.join(", ") || "none";
  const hint = meant === undefined ? `there are ${all}` : `did you mean ${meant}?`;
  throw new HttpError(
    400,
    "unknown_parameter",
    `Unknown parameter ${quoted(unknown)}: ${hint}`,
    strictApplied,
  );
}

/**
 * Reads a request's parameters as parseQuery does. One that `schema` does not know is ignored and named, or refused for a
 * client that asks for strict handling.
 *
 * @returns what was read, and the headers for the response.
 * @throws HttpError 400.
 */
export function parseRequestQuery<S extends z.ZodObject>(
  schema: S,
  request: Request,
): { query: z.infer<S>; headers: Record<string, string> } {
  const { searchParams } = new URL(request.url);
  if (!prefersStrict(request.headers)) {
    return { query: parseQuery(schema, searchParams), headers: ignoredParameters(schema, searchParams) };
  }
  refuseUnknownParameters(schema, searchParams);
  return { query: parseQuery(schema, searchParams), headers: strictApplied };
}

/** Longest list of ignored names in a header: beyond these bounds the rest is cut off. */
const ignoredNamesMax = 20;
const ignoredNameLengthMax = 64;

/**
 * The header that names parameters `schema` does not know, so that a client that sends `limit=50` can
 * see why it got 20 rows. Names are percent-encoded: they come from outside and may hold anything.
 */
export function ignoredParameters(schema: z.ZodObject, parameters: URLSearchParams): Record<string, string> {
  const unknown = unknownNames(schema, parameters);
  if (unknown.length === 0) return {};
  const names = unknown
    .slice(0, ignoredNamesMax)
    .map((name) => encodeURIComponent(name.slice(0, ignoredNameLengthMax).toWellFormed()));
  return { "X-Ignored-Parameters": names.join(", ") };
}
