import { isHttps } from "../http/set-cookie";

/** `__Host-`: sent over https only, and set by this very host for all its paths (RFC 6265bis). */
function named(name: string) {
  return {
    name: `${isHttps() ? "__Host-" : ""}batch-jobs.${name}`,
    options: { httpOnly: true, sameSite: "lax", path: "/", secure: isHttps() } as const,
  };
}

/** The cookies of signing in. Only the session's name is of interest outside of next-auth. */
export function authCookies() {
  return {
    sessionToken: named("session"),
    csrfToken: named("csrf"),
    callbackUrl: named("callback"),
  };
}

/** The cookie that holds a session's token. */
export function sessionCookieName(): string {
  return authCookies().sessionToken.name;
}
