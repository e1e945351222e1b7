import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isDevelopment } from "../environment";
import { isHttps } from "../http/set-cookie";

/** For all responses: pages, files, redirects and errors alike (OWASP ASVS 3.4). */
function fixedHeaders(): Record<string, string> {
  return {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    ...(isHttps() ? { "Strict-Transport-Security": "max-age=31536000" } : {}),
  };
}

let fixed: Record<string, string> | undefined;
let forPrograms: Record<string, string> | undefined;

/** Allows scripts with the response's nonce and those that they load, and connections to this server only. */
function contentSecurityPolicy(nonce: string): string {
  const development = isDevelopment();
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data:",
    `connect-src 'self'${development ? " ws:" : ""}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Responses for programs are not pages, and must be the same each time, whatever Next's router asks for. */
const programPaths = /^\/(batch|api|v1|openapi\.json)([/?]|$)/;
const denyAllPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The security headers of a response; the policy of a page has a new nonce each time. */
export function securityHeaders(url: string): Record<string, string> {
  fixed ??= fixedHeaders();
  forPrograms ??= { ...fixed, "Content-Security-Policy": denyAllPolicy };
  if (programPaths.test(url)) return forPrograms;
  return { ...fixed, "Content-Security-Policy": contentSecurityPolicy(randomBytes(16).toString("hex")) };
}

/** Prefixes of the headers that Next and its platforms use internally; no client has to send them. */
const internal =
  /^(next|x-(action|edge|invocation|invoke|matched|middleware|next|nextjs|now|prerender|render|vercel))-/;

/** Sent by Next's router in the browser (`app-router-headers.js` in Next's source); the guard rejects the last. */
const sentByRouter = [
  "next-router-state-tree",
  "next-router-prefetch",
  "next-router-segment-prefetch",
  "next-url",
  "next-action",
];
const sentInDevelopment = ["next-hmr-refresh", "x-nextjs-request-id", "x-nextjs-html-request-id"];

/**
 * Removes headers that Next uses internally. From a client they would change the response: `x-middleware-prefetch`, for
 * example, makes any route respond with 200 and `{}`, and `RSC` makes it redirect.
 */
export function removeInternalHeaders({ headers, url = "" }: IncomingMessage): void {
  const isProgram = programPaths.test(url);
  for (const name of Object.keys(headers)) {
    if (isProgram ? !internal.test(name) && name !== "rsc" : !isUnwantedByPages(name)) continue;
    delete headers[name];
  }
}

function isUnwantedByPages(name: string): boolean {
  if (!internal.test(name) || sentByRouter.includes(name)) return false;
  return !(isDevelopment() && sentInDevelopment.includes(name));
}
