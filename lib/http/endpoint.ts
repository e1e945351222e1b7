import { isTransient, retryRead } from "../database/retry-read";
import { logError } from "../log";
import { currentResponse } from "../server/current-response";
import { compressed } from "./compression";
import { defaultHeaders, errorBody, HttpError, jsonType } from "./http-error";

export function jsonText(body: string, headers: Record<string, string> = {}, status = 200): Response {
  const length = { "Content-Length": String(Buffer.byteLength(body)) };
  return new Response(body, { status, headers: { ...jsonType, ...length, ...headers } });
}

export function json(body: unknown, headers: Record<string, string> = {}, status = 200): Response {
  return jsonText(JSON.stringify(body), headers, status);
}

function errorResponse(error: Pick<HttpError, "status" | "detail" | "code" | "headers">): Response {
  return jsonText(errorBody(error), error.headers, error.status);
}

/**
 * Sets on Node's response what Next drops from a handler's (`FORBIDDEN_HEADERS` of its send-response.js), and what it adds
 * to: its own Vary names headers of its router, which change no handler's response.
 */
function setFramingHeaders({ body, headers, status }: Response): void {
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

/**
 * The only place where an error becomes a response. Any error but an HttpError is logged and answered with 500; where a
 * retry may help, with Retry-After.
 *
 * @param failure the `detail` of the 500, as in the contract.
 */
export function endpoint(failure: string, handle: (request: Request) => Promise<Response> | Response) {
  return async (request: Request): Promise<Response> => {
    const response = await compressed(request, () => respond(request));
    for (const [name, value] of Object.entries(defaultHeaders)) {
      if (!response.headers.has(name)) response.headers.set(name, value);
    }
    setFramingHeaders(response);
    return response;
  };

  async function respond(request: Request): Promise<Response> {
    try {
      const isRead = request.method === "GET" || request.method === "HEAD";
      return await (isRead ? retryRead(() => handle(request)) : handle(request));
    } catch (error) {
      if (error instanceof HttpError) return errorResponse(error);
      // The client has disconnected.
      if (request.signal.aborted) return new Response(null, { status: 499 });
      logError(failure, error);
      const headers: Record<string, string> = isTransient(error) ? { "Retry-After": "1" } : {};
      return errorResponse({ status: 500, detail: failure, code: "internal_error", headers });
    }
  }
}
