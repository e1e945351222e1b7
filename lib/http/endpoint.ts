import { isTransient, retryRead } from "../database/retry-read";
import { logError } from "../log";
import { currentResponse } from "../server/current-response";
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

/** Next drops the Content-Length of a handler's response, so it is set on Node's response. */
function setLength({ body, headers, status }: Response): void {
  const length = body ? headers.get("Content-Length") : "0";
  if (length !== null && status !== 204) currentResponse()?.setHeader("Content-Length", length);
}

/**
 * The only place where an error becomes a response. Any error but an HttpError is logged and answered with 500; where a
 * retry may help, with Retry-After.
 *
 * @param failure the `detail` of the 500, as in the contract.
 */
export function endpoint(failure: string, handle: (request: Request) => Promise<Response> | Response) {
  return async (request: Request): Promise<Response> => {
    const response = await respond(request);
    for (const [name, value] of Object.entries(defaultHeaders)) {
      if (!response.headers.has(name)) response.headers.set(name, value);
    }
    setLength(response);
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
