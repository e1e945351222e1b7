import { isHttps, setCookie } from "../http/set-cookie";
import { sessionDaysMax } from "../sessions/session";

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

/** The cookie by which a browser that signed in before is told from strangers. */
export function deviceCookieName(): string {
  return named("device").name;
}

/** The cookie that holds a session's token. */
export function sessionCookieName(): string {
  return authCookies().sessionToken.name;
}

/** The `Set-Cookie` that hands a browser its session, where that does not come from next-auth's sign-in. */
export function sessionSetCookie(token: string): string {
  return setCookie(sessionCookieName(), token, "/", sessionDaysMax * 86_400);
}

/** The `Set-Cookie` that makes a browser forget its session. */
export function forgetSessionSetCookie(): string {
  return setCookie(sessionCookieName(), "", "/", 0);
}
