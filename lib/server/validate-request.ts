import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { environment } from "../environment";
import { HttpError, methodNotAllowed } from "../http/http-error";

/** The methods that a client may send. */
export const allowedMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Node silently drops the header lines of a request after this many. */
const headerLinesMax = 1_000;

/** Route handlers that may get files: those for programs, which validate requests themselves, and the upload of a page. */
const multipartPaths = /^\/(batch|health)\/|^\/new-job\/create(\?|$)/;

/** @returns an error for a request that Next would answer with a 500, or that could be read in two ways. */
export function validateRequest(request: IncomingMessage): HttpError | undefined {
  const { method = "", url = "", headers, rawHeaders } = request;
  if (rawHeaders.length >= headerLinesMax * 2) {
    return new HttpError(431, "too_many_headers", `Send fewer than ${headerLinesMax} header lines`);
  }
  if (countLines(rawHeaders, "host") > 1) {
    return new HttpError(400, "invalid_host", "The Host header must be sent once");
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
  // There are no server actions, and their decoder answers some bodies with a 500.
  if (headers["next-action"] !== undefined) {
    return new HttpError(404, "not_found", "Server action not found");
  }
  const routerState = headers["next-router-state-tree"];
  if (routerState !== undefined && !isRouterState(String(routerState))) {
    return new HttpError(400, "invalid_router_state", "The Next-Router-State-Tree header is invalid");
  }
  // Next would take it for a server action.
  const isMultipart = /^multipart\//i.test(headers["content-type"] ?? "");
  if (method === "POST" && isMultipart && !multipartPaths.test(url)) {
    return new HttpError(415, "unsupported_body", "Send a form without files, or JSON");
  }
  if (countLines(rawHeaders, "authorization") > 1) {
    return new HttpError(400, "repeated_authorization", "The Authorization header must be sent once");
  }
  return undefined;
}

function countLines(rawHeaders: string[], wanted: string): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]?.toLowerCase() === wanted) count++;
  return count;
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split("?", 1)[0] ?? "");
    return true;
  } catch {
    return false;
  }
}

/** `uri-host [":" port]` (RFC 9110, section 7.2). */
const authority = /^(\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]+)(:\d*)?$/i;

/** Whether a `Host` header can be the host of a URL, as which Next parses it. */
function isAuthority(host: string): boolean {
  return authority.test(host) && URL.canParse(`http://${host}`);
}

const segment = z.union([
  z.string(),
  z.tuple([z.string(), z.string(), z.string(), z.array(z.string()).nullable()]),
]);

/** The state of Next's router in the browser (next 16.4). */
const RouterState: z.ZodType = z.lazy(() =>
  z.tuple([
    segment,
    z.record(z.string(), RouterState),
    z.tuple([z.string(), z.string()]).nullish(),
    z.enum(["refetch", "inside-shared-layout", "metadata-only"]).nullish(),
    z.number().nullish(),
    z.string().optional(),
  ]),
);

function isRouterState(header: string): boolean {
  try {
    return RouterState.safeParse(JSON.parse(decodeURIComponent(header))).success;
  } catch {
    return false;
  }
}

const absoluteForm = /^https?:\/\/([^/?#]*)(.*)$/i;

/**
 * Rewrites a request target in absolute form, `GET http://host/path`, which every server must accept (RFC 9112, section
 * 3.2.2), to a path and a `Host` header. A target of another host is left alone: this server is no proxy.
 */
export function resolveAbsoluteForm(request: IncomingMessage): void {
  const [target, host = "", path = ""] = absoluteForm.exec(request.url ?? "") ?? [];
  if (target === undefined) return;
  if (!ownAuthorities(request).includes(host.toLowerCase())) return;
  request.url = path.startsWith("/") ? path : `/${path}`;
  request.headers.host = host;
}

function ownAuthorities({ socket }: IncomingMessage): string[] {
  const address = socket.localAddress?.replace(/^::ffff:/, "") ?? "";
  return [
    new URL(environment().NEXTAUTH_URL).host,
    `localhost:${socket.localPort}`,
    `${address.includes(":") ? `[${address}]` : address}:${socket.localPort}`,
  ];
}
