import { endpoint } from "./endpoint";
import { methodNotAllowed } from "./http-error";

type Handler = (request: Request) => Promise<Response> | Response;

/** The exports of a route that answers every method alike. */
export function everyMethod(handler: Handler) {
  return { DELETE: handler, GET: handler, OPTIONS: handler, PATCH: handler, POST: handler, PUT: handler };
}

/**
 * The exports of a route with these handlers: other methods are answered with 405 in JSON, where Next's own has no body,
 * and OPTIONS with 204, both with `Allow` (RFC 9110). HEAD is answered as GET. No CORS headers: keys belong on servers.
 */
export function routeMethods(handlers: { [Method in "GET" | "PATCH" | "POST"]?: Handler }) {
  const methods = Object.keys(handlers).flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
  const allowed = [...methods, "OPTIONS"].join(", ");
  return {
    ...everyMethod(
      endpoint("Failed to handle the request", (request) => {
        throw methodNotAllowed(request.method, allowed);
      }),
    ),
    OPTIONS: endpoint(
      "Failed to handle the request",
      () => new Response(null, { status: 204, headers: { Allow: allowed } }),
    ),
    ...handlers,
  };
}
