import { environment } from "../environment";

/** Whether the public address is https, so that cookies need not be sent over http. */
export function isHttps(): boolean {
  return environment().NEXTAUTH_URL.startsWith("https:");
}

/**
 * The longest value of a cookie that holds what people sent. Browsers store 4,096 bytes of a cookie, with its name
 * (RFC 6265, section 6.1), but nginx reads all headers of a response into 4 kB by default, and answers 502 if they don't fit.
 */
export const cookieValueMax = 2_500;

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
