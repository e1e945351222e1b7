import { randomUUID } from "node:crypto";
import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { isDevelopment } from "../environment";
import { clientAddress, clientAddressHeader } from "../http/client-address";
import { trackConnection, trackResponse } from "./connections";
import { requestIdHeader, withResponse } from "./current-response";
import { removeInternalHeaders, securityHeaders } from "./headers";
import { limitRequests } from "./limit-requests";
import { limitSlowBody, requestMaxMs } from "./limit-slow-body";
import { observeRequest } from "./observe-request";
import type { Serve } from "./serve-api";
import { nextAttempt } from "./static-files";
import { sendError } from "./too-busy";
import { resolveAbsoluteForm, validateRequest } from "./validate-request";

/** How long the head of a request may take; then the connection ends with 408. */
const headMaxMs = 10_000;
/** How often Node looks for requests that take longer. Its default is 30 s. */
const checkEveryMs = 5_000;
/** How long a connection may be idle during a response, because the client does not read it. */
const idleMaxMs = 30_000;

/** Limits what slow clients can keep open, and ignores `Upgrade` (RFC 9110, section 7.8). For production only. */
function configureServer(server: Server): void {
  // With a listener Node hands over the socket, which Next leaves open forever when no route matches.
  server.removeAllListeners("upgrade");
  server.headersTimeout = headMaxMs;
  server.requestTimeout = requestMaxMs;
  server.timeout = idleMaxMs;
  // An option of createServer(), which Next calls. Calling Node's own listener again applies it.
  Object.assign(server, { connectionsCheckingInterval: checkEveryMs });
  server
    .listeners("listening")
    .find(({ name }) => name === "setupConnectionsTracking")
    ?.call(server);
}

/**
 * Sets the headers of the response, and those of the request that only the server may set. Next takes the nonce of its
 * scripts from the policy in the request; a proxy.ts would cost each page a second pass through Next.
 */
function setHeaders(request: IncomingMessage, response: ServerResponse): void {
  const headers = securityHeaders(request.url ?? "");
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader(requestIdHeader, randomUUID());
  removeInternalHeaders(request);
  request.headers["content-security-policy"] = headers["Content-Security-Policy"];
  delete request.headers["content-security-policy-report-only"];
  request.headers[clientAddressHeader] = clientAddress(request);
}

/** Next answers OPTIONS with 400 at pages, and correctly elsewhere. */
function allowOptionsOfPages(request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== "OPTIONS") return;
  const { writeHead } = response;
  response.writeHead = (status: number, ...rest: never[]) => {
    if (status !== 400) return writeHead.call(response, status, ...rest);
    response.setHeader("Allow", "GET, HEAD, OPTIONS");
    return writeHead.call(response, 204);
  };
}

let serve: Serve = (_request, _response, next) => next();

/** @param serveApi gets each request that the guard lets pass; what it does not answer, Next does. */
export function serveBeforeNext(serveApi: Serve): void {
  serve = serveApi;
}

function guard(request: IncomingMessage, response: ServerResponse, callNext: () => void): void {
  trackResponse(response);
  resolveAbsoluteForm(request);
  observeRequest(request, response);
  if (!isDevelopment()) limitSlowBody(request, response);
  setHeaders(request, response);
  const error = validateRequest(request);
  if (error) {
    sendError(response, error);
    return;
  }
  const retry = isDevelopment() ? undefined : nextAttempt(request.url ?? "");
  if (retry !== undefined) {
    // A load balancer of connections can choose another instance only for a new one.
    response.writeHead(307, { Location: retry, "Cache-Control": "no-store", Connection: "close" }).end();
    return;
  }
  allowOptionsOfPages(request, response);
  const arrivedMs = performance.now();
  const handle = () => serve(request, response, callNext);
  limitRequests(request, response, () => withResponse(response, performance.now() - arrivedMs, handle));
}

let httpServer: Server | undefined;

/** The process's HTTP server; undefined until its first connection. */
export function guardedServer(): Server | undefined {
  return httpServer;
}

/**
 * Handles each request of this process's HTTP server before Next does, for what route code cannot do. Next creates the
 * server, so it is found at its first connection.
 */
export function guardHttpServer(): void {
  const emit = Server.prototype.emit;
  Server.prototype.emit = function (event: string, ...rest: unknown[]) {
    if (event === "connection") {
      if (httpServer !== this) {
        httpServer = this;
        if (!isDevelopment()) configureServer(this);
      }
      trackConnection(rest[0] as Socket);
    }
    if (event === "request") {
      const [request, response] = rest as [IncomingMessage, ServerResponse];
      guard(request, response, () => emit.apply(this, [event, ...rest] as never));
      return true;
    }
    return emit.apply(this, [event, ...rest] as never);
  };
}
