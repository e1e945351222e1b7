import { environment } from "../environment";

/** Whether people reach this server over https, so that cookies are sent over nothing else. */
export function isHttps(): boolean {
  return environment().NEXTAUTH_URL.startsWith("https:");
}

/**
 * A `Set-Cookie` that no script and no other site can read.
 *
 * @param value of characters that need no escaping.
 * @param maxAgeSeconds 0 forgets it.
 */
export function setCookie(name: string, value: string, path: string, maxAgeSeconds: number): string {
  const secure = isHttps() ? "; Secure" : "";
  return `${name}=${value}; Path=${path}; Max-Age=${maxAgeSeconds}; SameSite=Lax; HttpOnly${secure}`;
}
