import { environment } from "../environment";

/** Whether the public address is https, so that cookies need not be sent over http. */
export function isHttps(): boolean {
  return environment().NEXTAUTH_URL.startsWith("https:");
}

/**
 * A `Set-Cookie` that scripts and other sites cannot read.
 *
 * @param value is not escaped.
 * @param maxAgeSeconds 0 deletes it.
 */
export function setCookie(name: string, value: string, path: string, maxAgeSeconds: number): string {
  const secure = isHttps() ? "; Secure" : "";
  return `${name}=${value}; Path=${path}; Max-Age=${maxAgeSeconds}; SameSite=Lax; HttpOnly${secure}`;
}
