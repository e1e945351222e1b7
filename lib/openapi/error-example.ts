import { apiKeyScopeFor, apiKeyScopes } from "../access/permissions";
import type { Operation } from "./operations";

type Sentence = string | ((operation: Operation) => string);

/** What a request can be answered with for each code, the most telling one of a status first. */
const sentences: Record<string, Sentence> = {
  invalid_idempotency_key: "The Idempotency-Key header must have 1 to 255 bytes; got 300",
  invalid_page: "Invalid page number: must be >= 1",
  repeated_authorization: "The Authorization header must be sent once",
  missing_api_key: "Send an API key: Authorization: Bearer <key>",
  insufficient_scope: ({ permission }) => {
    const needed = apiKeyScopeFor(permission);
    const other = apiKeyScopes.find((scope) => scope !== needed);
    return `This needs an API key with the scope ${needed}; this key has ${other}`;
  },
  job_not_found: "Batch job not found",
  call_not_found: "Call not found",
  not_found:
    'There is no endpoint at "/batch/job". The endpoints include GET /batch/jobs and POST /batch/create',
  method_not_allowed: "Method PUT is not allowed; use POST, OPTIONS",
  call_cancelled: "The call was cancelled together with its job: do not dial",
  payload_too_large: ({ form }) => `The body can have at most ${form ? "10 MiB" : "64 KiB"}`,
  idempotency_key_reused:
    "This Idempotency-Key was used in the last 24 hours for another request: use a new one for each request",
  rate_limited: "Too many requests: try again in 5 s",
  too_many_headers: "Send fewer than 1000 header lines",
  internal_error: ({ failure }) => failure,
  too_many_uploads: "Too many large uploads at once: try again in 5 s",
};

/**
 * An error for a status of which an operation has no whole example.
 *
 * @param codes that the operation answers with this status.
 * @param operation undefined for a request that is none.
 */
export function errorExample(codes: readonly string[], operation?: Operation) {
  const code = Object.keys(sentences).find((one) => codes.includes(one));
  const sentence = code === undefined ? undefined : sentences[code];
  if (sentence === undefined) throw new Error(`lib/openapi/error-example.ts has none of ${codes.join(", ")}`);
  if (typeof sentence === "string") return { detail: sentence, code };
  if (!operation) throw new Error(`${code} is an operation's error`);
  return { detail: sentence(operation), code };
}
