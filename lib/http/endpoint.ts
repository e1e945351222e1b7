import { logError } from "../log";
import { isPassing, retryRead } from "../reading";
import { Refusal } from "../refusal";
import { errorBody, headersOfEveryAnswer, jsonType } from "./answer";

/** An answer in JSON that is written already. */
export function jsonText(body: string, headers: Record<string, string> = {}): Response {
  return new Response(body, { headers: { ...jsonType, ...headers } });
}

/** An answer in JSON. */
export function json(body: unknown, headers: Record<string, string> = {}): Response {
  return jsonText(JSON.stringify(body), headers);
}

function refuse(refusal: Pick<Refusal, "status" | "detail" | "code" | "headers">): Response {
  return new Response(errorBody(refusal), {
    status: refusal.status,
    headers: { ...jsonType, ...refusal.headers },
  });
}

/**
 * The one place where an error becomes an answer: a Refusal speaks for itself; anything else is logged
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
    return response;
  };

  async function answer(request: Request): Promise<Response> {
    try {
      const isRead = request.method === "GET" || request.method === "HEAD";
      return await (isRead ? retryRead(() => handle(request)) : handle(request));
    } catch (error) {
      if (error instanceof Refusal) return refuse(error);
      logError(failure, error);
      const headers: Record<string, string> = isPassing(error) ? { "Retry-After": "1" } : {};
      return refuse({ status: 500, detail: failure, code: "internal_error", headers });
    }
  }
}
