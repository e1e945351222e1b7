import { codeOf, snakeCase } from "../http/parse-query";
import { errorReference } from "./components";
import { errorExample } from "./error-example";
import { responseExamples } from "./examples";
import { headerReferences } from "./headers";
import type { Operation } from "./operations";
import { pathParameters } from "./parameters";

/** Codes of errors by their status. */
export type ErrorCodes = Record<number, readonly string[]>;

/** Of every request. */
const common: ErrorCodes = {
  400: ["repeated_authorization", "invalid_target", "invalid_host", "invalid_router_state"],
  401: ["missing_api_key", "invalid_api_key"],
  403: ["insufficient_scope"],
  429: ["rate_limited"],
  431: ["too_many_headers"],
  500: ["internal_error"],
};

/** Of requests that are no operation: another path or method. */
const elsewhere: ErrorCodes = { 404: ["not_found"], 405: ["method_not_allowed"] };

const descriptions: Record<number, string> = {
  400: "A parameter, a header or the body is missing or invalid, or the batch job's status doesn't allow this.",
  401: "There is no API key, or it is malformed, unknown, expired or revoked.",
  403: "The API key lacks the scope, or is another organization's.",
  404: "What the request names doesn't exist in the API key's organization.",
  405: "The method isn't one of those in `Allow`.",
  409: "The call's state doesn't allow this.",
  413: "The body is too large.",
  422: "Another request was sent with this `Idempotency-Key` in the last 24 hours.",
  429: "There were too many requests with this API key.",
  431: "There are 1,000 header lines or more.",
  500: "The server failed or is overloaded.",
  503: "There are too many large uploads at once.",
};

/** Descriptions of responses that can have one of these codes. */
const descriptionsByCode: Record<string, string> = {
  not_found: "There is no endpoint with this path.",
  too_many_exports:
    "There were too many requests with this API key, or there are too many CSV exports at once.",
};

const headersByStatus: Record<number, string[]> = {
  401: ["WWW-Authenticate"],
  403: ["WWW-Authenticate"],
  405: ["Allow"],
  429: ["Retry-After"],
  500: ["Retry-After"],
  503: ["Retry-After"],
};

/** Values that the schema of a parameter refuses, unless it leaves the check to the handler. */
const invalidValues = ["\0", "\0"];

function codesOfQuery({ query, namesIgnored }: Operation): string[] {
  if (!query) return [];
  const codes = Object.entries(query.shape).flatMap(([name, schema]) => [
    ...(schema.safeParse(undefined).success ? [] : [`missing_${snakeCase(name)}`]),
    ...(schema.safeParse(invalidValues).success ? [] : [`invalid_${codeOf(query, name)}`]),
  ]);
  return namesIgnored ? [...codes, "unknown_parameter"] : codes;
}

function codesOfBody({ body }: Operation): string[] {
  if (!body) return [];
  const required = Object.keys(body.shape).filter((name) => !body.shape[name]?.safeParse(undefined).success);
  return [
    "invalid_body",
    "incomplete_body",
    "unknown_field",
    ...required.map((name) => `missing_${snakeCase(name)}`),
    ...Object.keys(body.shape).map((name) => `invalid_${snakeCase(name)}`),
  ];
}

/** The codes of an operation's errors: those that follow from what it takes, and its own. */
function codesOf(operation: Operation): ErrorCodes {
  const { path, method, body, errors = {} } = operation;
  const isWrite = method !== "get";
  const inPath = pathParameters(path);
  const all: ErrorCodes[] = [
    common,
    { 400: [...codesOfQuery(operation), ...codesOfBody(operation)] },
    ...(body ? [{ 413: ["payload_too_large"] }] : []),
    ...(isWrite
      ? [
          {
            400: ["invalid_idempotency_key"],
            403: ["organization_forbidden"],
            422: ["idempotency_key_reused"],
          },
        ]
      : []),
    ...(inPath.includes("batchJobId") ? [{ 404: ["job_not_found"] }] : []),
    ...(inPath.includes("callId") ? [{ 404: ["call_not_found"] }] : []),
    errors,
  ];
  const statuses = new Set(all.flatMap((codes) => Object.keys(codes).map(Number)));
  return Object.fromEntries(
    [...statuses].map((status) => [status, [...new Set(all.flatMap((codes) => codes[status] ?? []))].sort()]),
  );
}

const descriptionOf = (status: number, codes: readonly string[]) =>
  codes.map((code) => descriptionsByCode[code]).find((one) => one !== undefined) ?? descriptions[status];

function response(
  status: number,
  codes: readonly string[],
  operation?: Operation,
  headerNames = headersByStatus[status] ?? [],
) {
  const examples = responseExamples(operation?.examples ?? [], status);
  const content = {
    schema: { allOf: [errorReference, { properties: { code: { enum: codes } } }] },
    ...(Object.keys(examples).length > 0 ? { examples } : { example: errorExample(codes, operation) }),
  };
  return {
    description: descriptionOf(status, codes),
    headers: headerReferences(...headerNames),
    content: { "application/json": content },
  };
}

/** The error responses of an operation, by status. */
export function errorResponses(operation: Operation): Record<string, object> {
  return Object.fromEntries(
    Object.entries(codesOf(operation)).map(([status, codes]) => {
      const isStrict = status === "400" && operation.namesIgnored;
      const headerNames = isStrict ? ["Preference-Applied"] : undefined;
      return [status, response(Number(status), codes, operation, headerNames)];
    }),
  );
}

/** For `components.responses`. */
export const errorsElsewhere = Object.fromEntries(
  Object.entries(elsewhere).flatMap(([status, codes]) =>
    codes.map((code) => [
      code.replace(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase()),
      response(Number(status), codes),
    ]),
  ),
);
