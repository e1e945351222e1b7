import { randomUUID } from "node:crypto";
import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { environment, isDevelopment } from "../environment";
import { errorBody, headersOfEveryAnswer, jsonType, methodNotAllowed } from "../http/answer";
import { clientAddress, clientAddressHeader } from "../http/client-address";
import { HttpError } from "../http/http-error";
import { logError } from "../log";
import { isAuthority, resolveAbsoluteForm } from "./authority";
import { answerBusy, send } from "./busy";
import { trackConnection, trackResponse } from "./connections";
import { requestIdHeader, withResponse } from "./current-response";
import { announceDrain } from "./drain";
import { securityHeaders } from "./headers";
import { configureHttpServer } from "./http-server";
import { InFlight } from "./in-flight";
import { removeInternalHeaders } from "./internal-headers";
import { isRouterState } from "./router-state";
import { nextAttempt } from "./static-files";

const allowedMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Node keeps so many header lines of a request, and drops what comes after them without a word. */
const headerLinesMax = 1_000;

/** Addresses of route handlers for programs, which refuse by themselves what they do not take. */
const programPaths = /^\/(batch|health)\//;

/** What Next itself would answer with a 500, or would read in two ways. */
function findRefusal(request: IncomingMessage): HttpError | undefined {
  const { method = "", url = "", headers, rawHeaders } = request;
  if (rawHeaders.length >= headerLinesMax * 2) {
    return new HttpError(431, "too_many_headers", `Send fewer than ${headerLinesMax} header lines`);
  }
  if (countLines(rawHeaders, "host") > 1) {
    return new HttpError(400, "invalid_host", "The Host header must come once");
  }
  // HTTP/1.0 has none.
  if (headers.host !== undefined && !isAuthority(headers.host)) {
    return new HttpError(
      400,
      "invalid_host",
      "The Host header must be a host name or address, with or without a port",
    );
  }
  if (!allowedMethods.includes(method)) {
    return methodNotAllowed(method, "GET, HEAD, OPTIONS");
  }
  if (!url.startsWith("/")) {
    return new HttpError(
      400,
      "invalid_target",
      "The request target must be a path, or an address of this server",
    );
  }
  if (!isDecodable(url)) {
    return new HttpError(400, "invalid_target", "The path is not valid percent-encoding");
  }
  // Nothing here is a server action, whose decoder answers some bodies with a 500.
  if (headers["next-action"] !== undefined) {
    return new HttpError(404, "not_found", "Server action not found");
  }
  const routerState = headers["next-router-state-tree"];
  if (routerState !== undefined && !isRouterState(String(routerState))) {
    return new HttpError(400, "invalid_router_state", "The Next-Router-State-Tree header is invalid");
  }
  // Next takes it for a server action where a page is.
  const isMultipart = /^multipart\//i.test(headers["content-type"] ?? "");
  if (method === "POST" && isMultipart && !programPaths.test(url)) {
    return new HttpError(415, "unsupported_body", "Send a form without files, or JSON");
  }
  if (countLines(rawHeaders, "authorization") > 1) {
    return new HttpError(400, "repeated_authorization", "The Authorization header must be sent once");
  }
  return undefined;
}

function countLines(rawHeaders: string[], wanted: string): number {
  return rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === wanted).length;
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split("?", 1)[0] ?? "");
    return true;
  } catch {
    return false;
  }
}

function refuse(response: ServerResponse, refusal: HttpError): void {
  send(response, refusal.status, errorBody(refusal), {
    ...jsonType,
    ...headersOfEveryAnswer,
    ...refusal.headers,
  });
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
  removeInternalHeaders(request.headers);
  request.headers["content-security-policy"] = headers["Content-Security-Policy"];
  delete request.headers["content-security-policy-report-only"];
  request.headers[clientAddressHeader] = clientAddress(request);
}

/** Next answers OPTIONS of a page with 400, and that of all else as it should. */
function allowOptionsOfPages(request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== "OPTIONS") return;
  const { writeHead } = response;
  response.writeHead = (status: number, ...rest: never[]) => {
    if (status !== 400) return writeHead.call(response, status, ...rest);
    response.setHeader("Allow", "GET, HEAD, OPTIONS");
    return writeHead.call(response, 204);
  };
}

/**
 * One client address has fewer requests running than the pool has connections, so that some are left for the others.
 * What is beyond waits here, in line, and not in the pool, where it would fail after a while.
 */
function limits() {
  const poolMax = environment().DATABASE_POOL_MAX;
  return {
    runningMax: 4 * poolMax,
    runningPerClientMax: Math.max(1, Math.floor(poolMax * 0.8)),
    waitingMax: 1_024,
    waitingPerClientMax: 128,
    waitMaxMs: 2_000,
    abandonedMs: 250,
  };
}

let inFlight: { reads: InFlight; writes: InFlight } | undefined;

/** Handles a request when there is room for it; says that the server is busy when there will be none soon. */
function whenThereIsRoom(request: IncomingMessage, response: ServerResponse, handle: () => void): void {
  // Whether the process lives must be told above all when it is busy; readiness bounds itself. Development compiles
  // while requests wait.
  if (isDevelopment() || request.url?.startsWith("/health/")) {
    handle();
    return;
  }
  inFlight ??= { reads: new InFlight(limits()), writes: new InFlight(limits()) };
  // Bodies that come slowly, from however many addresses, take no turns from requests without one.
  const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
  const lane = length !== "0" || encoding !== undefined ? inFlight.writes : inFlight.reads;
  lane.admit(String(request.headers[clientAddressHeader]), response, handle, () => {
    logError("Too many requests at once", undefined);
    answerBusy(request, response);
  });
}

/** What happens to a request before Next sees it, and whether it does. */
function guard(request: IncomingMessage, response: ServerResponse, handle: () => void): void {
  trackResponse(response);
  announceDrain(response);
  resolveAbsoluteForm(request);
  prepare(request, response);
  const refusal = findRefusal(request);
  if (refusal) {
    refuse(response, refusal);
    return;
  }
  const again = isDevelopment() ? undefined : nextAttempt(request.url ?? "");
  if (again !== undefined) {
    // A balancer of connections, not of requests, must see another connection to choose another instance.
    response.writeHead(307, { Location: again, "Cache-Control": "no-store", Connection: "close" }).end();
    return;
  }
  allowOptionsOfPages(request, response);
  whenThereIsRoom(request, response, () => withResponse(response, handle));
}

let guarded: Server | undefined;

/** The server that has taken a connection; undefined as long as none has. */
export function guardedServer(): Server | undefined {
  return guarded;
}

/**
 * Puts the guard before this process's HTTP server, where it sees what route code cannot reach. Next makes the server,
 * so it is met at its first connection.
 */
export function guardHttpServers(): void {
  const emit = Server.prototype.emit;
  Server.prototype.emit = function (event: string, ...rest: unknown[]) {
    if (event === "connection") {
      if (guarded !== this) {
        guarded = this;
        if (!isDevelopment()) configureHttpServer(this);
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
