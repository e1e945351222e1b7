import { isTransient, retryRead } from "../database/retry-read";
import { logError } from "../log";
import { currentResponse, setErrorCode } from "../server/current-response";
import { compressed } from "./compression";
import { defaultHeaders, errorBody, HttpError, jsonType } from "./http-error";

/** What a handler answers with: a Response, or what one is made of, which costs less. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Uint8Array<ArrayBuffer> | ReadableStream | null;
}

export function jsonBytes(
  body: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
  status = 200,
): Answer {
  const length = { "Content-Length": String(body.byteLength) };
  return { body, status, headers: new Headers({ ...jsonType, ...length, ...headers }) };
}

export function jsonText(body: string, headers: Record<string, string> = {}, status = 200): Answer {
  return jsonBytes(Buffer.from(body), headers, status);
}

export function json(body: unknown, headers: Record<string, string> = {}, status = 200): Answer {
  return jsonText(JSON.stringify(body), headers, status);
}

/** Adds headers to an answer, or values to those that it has. @returns the same one. */
export function withHeaders(answer: Answer, headers: Record<string, string>): Answer {
  for (const [name, value] of Object.entries(headers)) answer.headers.append(name, value);
  return answer;
}

function errorResponse(error: Pick<HttpError, "status" | "detail" | "code" | "headers">): Answer {
  const response = currentResponse();
  if (response) setErrorCode(response, error.code);
  return jsonText(errorBody(error), error.headers, error.status);
}

/**
 * Sets headers on Node's response that Next would drop (`FORBIDDEN_HEADERS` of its send-response.js), and replaces Next's
 * own Vary, which names headers of its router that change no handler's response.
 */
function setFramingHeaders({ body, headers, status }: Answer): void {
  const response = currentResponse();
  if (!response) return;
  response.removeHeader("Vary");
  for (const name of ["Vary", "Content-Encoding"]) {
    const value = headers.get(name);
    if (value !== null) response.setHeader(name, value);
    headers.delete(name);
  }
  const length = body ? headers.get("Content-Length") : "0";
  if (length !== null && status !== 204 && status !== 304) response.setHeader("content-length", length);
  // Next would compress a body that is too small, or has a coding that it does not know.
  delete response.req.headers["accept-encoding"];
}

type Handle = (request: Request) => Promise<Answer> | Answer;

/** A method of a route.ts. `answer` is the same without a Response, for `server/serve-api.ts`. */
export interface Endpoint {
  (request: Request): Promise<Response>;
  answer: (request: Request) => Promise<Answer>;
}

/**
 * The only place where an error becomes a response. Any error but an HttpError is logged and answered with 500; where a
 * retry may help, with Retry-After.
 *
 * @param failure the `detail` of the 500, as in the contract, or which it is for a request.
 */
export function endpoint(failure: string | ((request: Request) => string), handle: Handle): Endpoint {
  return Object.assign(async (request: Request) => responseOf(await answer(request)), { answer });

  async function answer(request: Request): Promise<Answer> {
    const answer = await compressed(request, () => respond(request));
    for (const [name, value] of Object.entries(defaultHeaders)) {
      if (!answer.headers.has(name)) answer.headers.set(name, value);
    }
    setFramingHeaders(answer);
    return answer;
  }

  async function respond(request: Request): Promise<Answer> {
    try {
      const isRead = request.method === "GET" || request.method === "HEAD";
      return await (isRead ? retryRead(() => handle(request)) : handle(request));
    } catch (error) {
      if (error instanceof HttpError) return errorResponse(error);
      // The client has disconnected.
      if (request.signal.aborted) return { body: null, status: 499, headers: new Headers() };
      const detail = typeof failure === "string" ? failure : failure(request);
      logError(detail, error);
      const headers: Record<string, string> = isTransient(error) ? { "Retry-After": "1" } : {};
      return errorResponse({ status: 500, detail, code: "internal_error", headers });
    }
  }
}

export function responseOf(answer: Answer): Response {
  return answer instanceof Response ? answer : new Response(answer.body, answer);
}
