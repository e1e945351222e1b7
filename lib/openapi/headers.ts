const text = { type: "string" };
const integer = { type: "integer", minimum: 0 };

/** The headers of responses, for `components.headers`. Those of HTTP itself, such as Content-Type, are left out. */
export const headers: Record<string, { description: string; required?: true; schema: object }> = {
  "X-Request-Id": {
    description: "Identifies the request in the server's log.",
    required: true,
    schema: text,
  },
  ETag: { description: "Identifies the body, for `If-None-Match` in a later request.", schema: text },
  Link: {
    description: "The addresses of the `first`, `prev`, `next` and `last` page (RFC 8288).",
    schema: text,
  },
  "X-Next-Updated-Since": {
    description:
      "When reading with `cursor`: the `updatedSince` for the next time, with which no change is missed.",
    schema: text,
  },
  "Content-Disposition": { description: "The name of a CSV file.", schema: text },
  "X-Ignored-Parameters": {
    description: "The unknown parameters or fields of the request, percent-encoded: the first 20.",
    schema: text,
  },
  "X-Skipped-Rows": {
    description:
      "The rows of a CSV file without a phone number that can be called, or with one of an earlier row: the first 100. The header is row 1.",
    schema: text,
  },
  "Preference-Applied": {
    description: "Sent if the request had `Prefer: handling=strict`.",
    schema: { const: "handling=strict" },
  },
  "Idempotent-Replayed": {
    description: "The response is that of an earlier request with this `Idempotency-Key`.",
    schema: { const: "true" },
  },
  "RateLimit-Policy": {
    description: 'The rate limit, if there is one: `"default";q=100;w=60` is 100 requests in 60 s.',
    schema: text,
  },
  RateLimit: {
    description: 'What is left of the rate limit: `"default";r=42;t=30` is 42 requests in the next 30 s.',
    schema: text,
  },
  "X-RateLimit-Limit": { description: "Requests a minute.", schema: integer },
  "X-RateLimit-Remaining": { description: "Requests left until the limit is reset.", schema: integer },
  "X-RateLimit-Reset": {
    description: "When all requests are available again, as Unix time in seconds.",
    schema: integer,
  },
  "Retry-After": { description: "After how many seconds to try again.", schema: integer },
  "WWW-Authenticate": { description: "What is wrong with the API key (RFC 6750).", schema: text },
  Allow: { description: "The allowed methods.", schema: text },
};

const rateLimit = [
  "RateLimit-Policy",
  "RateLimit",
  "X-RateLimit-Limit",
  "X-RateLimit-Remaining",
  "X-RateLimit-Reset",
];

/** References to the headers of a response, whatever its status, and to these. */
export function headerReferences(...names: string[]): Record<string, { $ref: string }> {
  return Object.fromEntries(
    ["X-Request-Id", ...names, ...rateLimit].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );
}
