import { isTransient, retryRead } from "../database/retry-read";
import { logError } from "../log";
import { currentResponse } from "../server/current-response";
import { errorBody, headersOfEveryAnswer, jsonType } from "./answer";
import { HttpError } from "./http-error";

/** An answer in JSON that is written already. */
export function jsonText(body: string, headers: Record<string, string> = {}, status = 200): Response {
  const length = { "Content-Length": String(Buffer.byteLength(body)) };
  return new Response(body, { status, headers: { ...jsonType, ...length, ...headers } });
}

/** An answer in JSON. */
export function json(body: unknown, headers: Record<string, string> = {}, status = 200): Response {
  return jsonText(JSON.stringify(body), headers, status);
}

function refuse(refusal: Pick<HttpError, "status" | "detail" | "code" | "headers">): Response {
  return jsonText(errorBody(refusal), refusal.headers, refusal.status);
}

/** Next drops the Content-Length of a handler's response, and sends it in chunks; so it is given to Node's response. */
function setLength({ body, headers, status }: Response): void {
  const length = body ? headers.get("Content-Length") : "0";
  if (length !== null && status !== 204) currentResponse()?.setHeader("Content-Length", length);
}

/**
 * The one place where an error becomes an answer: a HttpError speaks for itself; anything else is logged
 * and answered 500 with `failure` and nothing of the error. Where a retry may help it says when.
 *
 * @param failure the contract's sentence for a failure on our side.
 */
export function endpoint(failure: string, handle: (request: Request) => Promise<Response> | Response) {
  return async (request: Request): Promise<Response> => {
    const response = await answer(request);
    for (const [name, value] of Object.entries(headersOfEveryAnswer)) {
      if (!response.headers.has(name)) response.headers.set(name, value);
    }
    setLength(response);
    return response;
  };

  async function answer(request: Request): Promise<Response> {
    try {
      const isRead = request.method === "GET" || request.method === "HEAD";
      return await (isRead ? retryRead(() => handle(request)) : handle(request));
    } catch (error) {
      if (error instanceof HttpError) return refuse(error);
      // The client went away, so there is nobody to answer, and nothing of ours has failed.
      if (request.signal.aborted) return new Response(null, { status: 499 });
      logError(failure, error);
      const headers: Record<string, string> = isTransient(error) ? { "Retry-After": "1" } : {};
      return refuse({ status: 500, detail: failure, code: "internal_error", headers });
    }
  }
}
