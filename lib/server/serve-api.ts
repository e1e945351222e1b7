import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { ReadableStream } from "node:stream/web";
import { getRequestListener, RequestError } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Params } from "next/dist/server/request/params";
import { getRouteMatcher } from "next/dist/shared/lib/router/utils/route-matcher";
import { getRouteRegex } from "next/dist/shared/lib/router/utils/route-regex";
import { getSortedRoutes } from "next/dist/shared/lib/router/utils/sorted-routes";
import { type Endpoint, responseOf } from "../http/endpoint";
import { defaultHeaders, errorBody, jsonType } from "../http/http-error";
import { logError } from "../log";
import { setErrorCode } from "./current-response";

/** Declared as a method, so that a handler can name the parameters it has: `{ params: Promise<{ id: string }> }`. */
type Handler = {
  handle(request: Request, context: { params: Promise<Params> }): Promise<Response> | Response;
}["handle"] & { answer?: Endpoint["answer"] };

/** What a route.ts exports for Next. */
type Route = { [method in "DELETE" | "GET" | "OPTIONS" | "PATCH" | "POST" | "PUT"]?: Handler };

/** Loads each route.ts, by its folder as Next names it: `/batch/jobs/[id]`. */
export type RouteTable = Record<string, () => Promise<Route>>;

/** Answers a request, or calls `next`. */
export type Serve = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/**
 * Targets that mean the same to Next and to a URL parser; all others are left to Next. It redirects `//` and `/x/`, and
 * writes the query anew: without `__proto__` and its own parameters, and with numeric names first (`normalizeCdnUrl` of its
 * server-utils.js).
 */
const segment = String.raw`\/(?!\.{1,2}(?:[/?]|$))[\w.~-]+`;
const name = String.raw`(?!nxt|next|__)[a-z_][\w.-]*(?:(?:\[|%5b)\d*(?:\]|%5d))?`;
const parameter = `${name}(?:=[!"$%'-~]*)?`;
const plainTarget = new RegExp(`^((?:${segment})+)(?:\\?(${parameter}(?:&${parameter})*)?)?$`, "i");

/**
 * Calls the handlers of routes for programs without Next, which takes longer than such a request. The responses are those
 * that Next would send.
 */
export async function serveApi(table: RouteTable): Promise<Serve> {
  const routes = await Promise.all(
    getSortedRoutes(Object.keys(table)).map(async (folder) => {
      const regex = getRouteRegex(folder);
      const route = (await table[folder]?.()) ?? {};
      return { match: getRouteMatcher(regex), names: Object.keys(regex.groups), route };
    }),
  );

  function find({ method, url = "" }: IncomingMessage): { handler?: Handler; params: Params } | undefined {
    const [, path, query = ""] = plainTarget.exec(url) ?? [];
    if (path === undefined) return undefined;
    for (const { match, names, route } of routes) {
      const params = match(path);
      if (!params) continue;
      // Next drops parameters that are named as those of the path.
      if (names.some((name) => query.includes(name))) return undefined;
      return { handler: route[(method === "HEAD" ? "GET" : method) as keyof Route], params };
    }
    return undefined;
  }

  return (incoming, outgoing, next) => {
    const { handler, params = {} } = find(incoming) ?? {};
    if (!handler) {
      next();
      return;
    }
    incoming.rawHeaders = linesOf(incoming.headers);
    const listener = getRequestListener(
      async (request) => {
        if (request.method !== "GET" && request.method !== "HEAD") detachBody(request, incoming);
        const answer = await (handler.answer?.(request) ??
          handler(request, { params: Promise.resolve(params) }));
        const { status, headers, body } = answer;
        // As Next does: what the guard or the endpoint has set stays.
        if (body instanceof ReadableStream) {
          for (const name of outgoing.getHeaderNames()) headers.delete(name);
          return responseOf(answer);
        }
        for (const [name, value] of headers) if (!outgoing.hasHeader(name)) outgoing.setHeader(name, value);
        outgoing.writeHead(status).end(body);
        return RESPONSE_ALREADY_SENT;
      },
      {
        overrideGlobalObjects: false,
        // Node discards the rest of a body, without closing the connection of a client that still sends it.
        autoCleanupIncoming: false,
        // HTTP/1.0 has no Host, of which no response depends.
        hostname: "localhost",
        errorHandler: (error) => {
          if (error instanceof RequestError) {
            // A Host that the adapter takes for invalid.
            next();
            return;
          }
          logError("failed to handle request", error);
          setErrorCode(outgoing, "internal_error");
          const body = errorBody({ detail: "Failed to handle the request", code: "internal_error" });
          return new Response(body, { status: 500, headers: { ...jsonType, ...defaultHeaders } });
        },
      },
    );
    listener(incoming, outgoing);
  };
}

/** Header lines as the guard leaves them. The adapter reads some from the lines, which are still those of the client. */
function linesOf(headers: IncomingHttpHeaders): string[] {
  const lines: string[] = [];
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === "string") lines.push(name, value);
  }
  return lines;
}

/**
 * Reads the body piece by piece from Node's stream, which a handler may stop reading. Cancelling the adapter's stream would
 * close the connection before the response.
 */
function detachBody(request: Request, incoming: IncomingMessage): void {
  const body = ReadableStream.from(incoming.iterator({ destroyOnReturn: false }));
  Object.defineProperty(request, "body", { value: body });
}
