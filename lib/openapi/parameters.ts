import { z } from "zod";
import { identifier } from "../format/text";
import type { JsonSchema } from "./components";
import type { Example } from "./examples";
import type { Operation } from "./operations";

type Named = Record<string, unknown>;

const pathDescriptions: Record<string, string> = {
  batchJobId: "The batch job's id.",
  callId: "The call's id, as it was claimed.",
};

/** The names of the parameters in a path such as `/batch/jobs/{batchJobId}`. */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
}

/** The value of a parameter in the first example. A reference fills it in, so only required parameters have one. */
function exampleOf([first]: Example[], name: string): Named {
  const example = first?.path?.[name] ?? first?.query?.[name];
  return example === undefined ? {} : { example };
}

function inPath({ path, examples }: Operation): Named[] {
  const { $schema, ...schema } = z.toJSONSchema(identifier);
  return pathParameters(path).map((name) => ({
    name,
    in: "path",
    required: true,
    description: pathDescriptions[name],
    schema,
    ...exampleOf(examples, name),
  }));
}

/**
 * The parameters that a query schema names, from its metadata (see lib/batch-jobs/schema.ts).
 *
 * @throws Error for one without `parameter` or `description`.
 */
function inQuery({ id, query, examples }: Operation): Named[] {
  return Object.entries(query?.shape ?? {}).map(([name, schema]) => {
    const found: JsonSchema = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
    const { parameter, description, isRequired = false } = found;
    if (typeof parameter !== "object" || description === undefined) {
      throw new Error(`The parameter ${name} of ${id} has no parameter or description in its metadata`);
    }
    const required = isRequired === true || !schema.safeParse(undefined).success;
    const hasDefault = found.default !== undefined && !Array.isArray(found.default);
    return {
      name,
      in: "query",
      required,
      description,
      schema: { ...parameter, ...(hasDefault && { default: found.default }) },
      // A list can also be given as a repeated parameter.
      ...(found.isList === true && { style: "form", explode: false }),
      ...(required && exampleOf(examples, name)),
    };
  });
}

function inHeaders({ method, isConditional, namesIgnored }: Operation): Named[] {
  const header = (name: string, description: string, schema: JsonSchema) => ({
    name,
    in: "header",
    description,
    schema,
  });
  return [
    ...(isConditional
      ? [
          header(
            "If-None-Match",
            "The `ETag` of an earlier response. If it is still current, the response is 304.",
            {
              type: "string",
            },
          ),
        ]
      : []),
    ...(namesIgnored
      ? [
          header("Prefer", "With `handling=strict`, unknown parameters and fields are an error (RFC 7240).", {
            type: "string",
          }),
        ]
      : []),
    ...(method === "get"
      ? []
      : [
          header(
            "Idempotency-Key",
            "Makes the request safe to repeat: for 24 hours the same request with the same key gets the same response.",
            { type: "string", minLength: 1, maxLength: 255 },
          ),
        ]),
  ];
}

/** The parameters of an operation, in the path, the query and headers. */
export function parametersOf(operation: Operation): Named[] {
  return [...inPath(operation), ...inQuery(operation), ...inHeaders(operation)];
}
