import { apiKeyScopeFor } from "../access/permissions";
import { version } from "../version";
import { componentSchemas, schemaReference } from "./components";
import { errorResponses, errorsElsewhere } from "./errors";
import { responseExamples } from "./examples";
import { headerReferences, headers } from "./headers";
import { type Operation, operations } from "./operations";
import { parametersOf } from "./parameters";

/** Any API key serves, if it has the scope. */
function securityOf({ permission }: Operation) {
  const scope = apiKeyScopeFor(permission);
  return [{ bearerAuth: [scope] }, { apiKeyHeader: [scope] }];
}

function requestBodyOf({ body, form, examples }: Operation) {
  if (!body) return undefined;
  const values = examples.flatMap(({ name, body: value }) => (value ? [[name, { value }] as const] : []));
  return {
    required: !body.safeParse({}).success,
    content: {
      "application/json": { schema: schemaReference(body), examples: Object.fromEntries(values) },
      ...(form && { "multipart/form-data": { schema: schemaReference(form) } }),
    },
  };
}

function successOf(operation: Operation): Record<string, object> {
  const { method, response, examples, isConditional, namesIgnored, otherTypes = [] } = operation;
  const names = [
    ...(isConditional ? ["ETag"] : []),
    ...(namesIgnored ? ["X-Ignored-Parameters", "Preference-Applied"] : []),
    ...(method === "get" ? [] : ["Idempotent-Replayed"]),
    ...(operation.headers ?? []),
  ];
  const content = {
    "application/json": { schema: schemaReference(response), examples: responseExamples(examples, 200) },
    ...Object.fromEntries(otherTypes.map((type) => [type, { schema: { type: "string" } }])),
  };
  return {
    200: { description: "Success.", headers: headerReferences(...names), content },
    ...(isConditional && {
      304: {
        description:
          "Not modified: the current response still has the `ETag` that was sent in `If-None-Match`.",
        headers: headerReferences(...names),
      },
    }),
  };
}

function operationObject(operation: Operation) {
  const { id, summary, description, tag, permission } = operation;
  const scope = `Needs an API key with the scope \`${apiKeyScopeFor(permission)}\`.`;
  return {
    operationId: id,
    summary,
    description: description === undefined ? scope : `${description}\n\n${scope}`,
    tags: [tag],
    security: securityOf(operation),
    parameters: parametersOf(operation),
    requestBody: requestBodyOf(operation),
    responses: { ...successOf(operation), ...errorResponses(operation) },
  };
}

function paths() {
  const found: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    found[operation.path] = { ...found[operation.path], [operation.method]: operationObject(operation) };
  }
  return found;
}

/** What the API is, in Markdown. */
export const info = {
  title: "Batch Jobs",
  version,
  summary: "Batch calling jobs of organizations, and the calls that dialers make for them.",
  description:
    'Every error is `{"detail": "a sentence", "code": "a_word"}`. An unknown path gets 404 `not_found`, an unsupported method 405 `method_not_allowed`. HEAD is answered like GET, without the body. Times are UTC.',
};

/**
 * The API as OpenAPI 3.1, made of the schemas and permissions with which requests are handled.
 *
 * @returns JSON.
 */
export function openApiDocument(): string {
  return JSON.stringify({
    openapi: "3.1.1",
    info,
    servers: [{ url: "/" }],
    tags: [
      { name: "Batch jobs", description: "List, create and change batch jobs." },
      {
        name: "Calls",
        description: "For dialers: claim calls, ask to dial them, and report how they ended.",
      },
    ],
    paths: paths(),
    components: {
      schemas: componentSchemas,
      headers,
      responses: errorsElsewhere,
      securitySchemes: {
        bearerAuth: {
          type: "http",
          scheme: "bearer",
          description: "An API key of the organization.",
        },
        apiKeyHeader: {
          type: "apiKey",
          in: "header",
          name: "x-api-key",
          description: "The same, for clients that can't send `Authorization`, which is preferred.",
        },
      },
    },
  });
}
