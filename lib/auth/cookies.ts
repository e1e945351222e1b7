import { isHttps, setCookie } from "../http/set-cookie";
import { sessionDaysMax } from "../sessions/session";

/** `__Host-`: sent over HTTPS only, set by this host for all its paths (RFC 6265bis). */
function cookie(name: string) {
  return {
    name: `${isHttps() ? "__Host-" : ""}batch-jobs.${name}`,
    options: { httpOnly: true, sameSite: "lax", path: "/", secure: isHttps() } as const,
  };
}

/** next-auth's cookies. */
export function authCookies() {
  return {
    sessionToken: cookie("session"),
    csrfToken: cookie("csrf"),
    callbackUrl: cookie("callback"),
  };
}

/** See device-cookie.ts. */
export function deviceCookieName(): string {
  return cookie("device").name;
}

export function sessionCookieName(): string {
  return authCookies().sessionToken.name;
}

/** The `Set-Cookie` of a session that next-auth's sign-in did not start. */
export function sessionSetCookie(token: string): string {
  return setCookie(sessionCookieName(), token, "/", sessionDaysMax * 86_400);
}

/** The `Set-Cookie` that removes the session's cookie. */
export function sessionRemovalSetCookie(): string {
  return setCookie(sessionCookieName(), "", "/", 0);
}
