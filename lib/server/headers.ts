import { randomBytes } from "node:crypto";
import { isDevelopment } from "../environment";
import { isHttps } from "../http/set-cookie";

/** Of every answer, whatever its status: pages, files, redirects and errors alike (OWASP ASVS 3.4). */
function always(): Record<string, string> {
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

/**
 * What a page may do: run scripts that carry this answer's nonce and those that they load, and nothing
 * written into the page by anyone else; talk to this server only; be framed by nobody.
 */
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

/** What programs read is no page: it may do nothing at all. The same each time, as its answers must be. */
const forPrograms = /^\/(batch|api|v1)([/?]|$)/;
const nothingAtAll = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The headers of one answer; the nonce in a page's policy is another one each time. @param url as requested. */
export function securityHeaders(url: string): Record<string, string> {
  fixed ??= always();
  const policy = forPrograms.test(url)
    ? nothingAtAll
    : contentSecurityPolicy(randomBytes(16).toString("hex"));
  return { ...fixed, "Content-Security-Policy": policy };
}
