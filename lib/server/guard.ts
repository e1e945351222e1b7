import { randomUUID } from "node:crypto";
import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import { errorBody, headersOfEveryAnswer, jsonType, methodNotAllowed } from "../http/answer";
import { clientAddress, clientAddressHeader } from "../http/client-address";
import { Refusal } from "../refusal";
import { requestIdHeader, whileAnswering } from "./answering";
import { securityHeaders } from "./headers";
import { isRouterState } from "./router-state";

const allowedMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** What Next itself would answer with a 500, or would read in two ways. */
function findRefusal(request: IncomingMessage): Refusal | undefined {
  const { method = "", url = "", headers, rawHeaders } = request;
  if (!allowedMethods.includes(method)) {
    return methodNotAllowed(method, "GET, HEAD, OPTIONS");
  }
  if (!url.startsWith("/")) {
    return new Refusal(400, "invalid_target", "The request target must be a path");
  }
  if (!isDecodable(url)) {
    return new Refusal(400, "invalid_target", "The path is not valid percent-encoding");
  }
  // Nothing here is a server action, whose decoder answers some bodies with a 500 (T50 of reliability.md).
  if (headers["next-action"] !== undefined) {
    return new Refusal(404, "not_found", "There is no such server action");
  }
  const routerState = headers["next-router-state-tree"];
  if (routerState !== undefined && !isRouterState(String(routerState))) {
    return new Refusal(400, "invalid_router_state", "The Next-Router-State-Tree header is not one");
  }
  if (/^multipart\//i.test(headers["content-type"] ?? "")) {
    return new Refusal(415, "unsupported_body", "Send a form without files, or JSON");
  }
  const authorizations = rawHeaders.filter(
    (name, at) => at % 2 === 0 && name.toLowerCase() === "authorization",
  );
  if (authorizations.length > 1) {
    return new Refusal(400, "repeated_authorization", "The Authorization header must come once");
  }
  return undefined;
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split("?", 1)[0] ?? "");
    return true;
  } catch {
    return false;
  }
}

function answer(response: ServerResponse, refusal: Refusal): void {
  response.writeHead(refusal.status, {
    ...jsonType,
    ...headersOfEveryAnswer,
    ...refusal.headers,
  });
  response.end(errorBody(refusal));
}

/**
 * Gives every answer its security headers and the request's id, and the request what only the server may say: Next takes the
 * nonce for its scripts from the policy in the request (so this needs no proxy.ts, which would cost every
 * page a second pass through Next), and doors read the client's address.
 */
function prepare(request: IncomingMessage, response: ServerResponse): void {
  const headers = securityHeaders(request.url ?? "");
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader(requestIdHeader, randomUUID());
  request.headers["content-security-policy"] = headers["Content-Security-Policy"];
  delete request.headers["content-security-policy-report-only"];
  request.headers[clientAddressHeader] = clientAddress(request);
}

/**
 * Refuses at the door of this process's HTTP servers what route code cannot reach: `TRACE` and other
 * methods, targets that are no path (`GET *`), a second Authorization header of which Node would drop one.
 */
export function guardHttpServers(): void {
  const emit = Server.prototype.emit;
  Server.prototype.emit = function (event: string, ...rest: unknown[]) {
    if (event === "request") {
      const [request, response] = rest as [IncomingMessage, ServerResponse];
      prepare(request, response);
      const refused = findRefusal(request);
      if (refused) {
        answer(response, refused);
        return true;
      }
      return whileAnswering(response, () => emit.apply(this, [event, ...rest] as never));
    }
    return emit.apply(this, [event, ...rest] as never);
  };
}
