import { environment } from "../environment";
import { HttpError } from "./http-error";

/** Whether a browser says that one of our own pages sends this. Other programs say nothing. */
export function isSameOrigin(headers: Headers): boolean {
  const site = headers.get("sec-fetch-site");
  return headers.get("origin") === environment().NEXTAUTH_URL && (site === null || site === "same-origin");
}

/**
 * Whether a page of ours sends this that was opened at another address of this server than NEXTAUTH_URL, such as
 * 127.0.0.1 for localhost. It is refused all the same; the answer may say where to go.
 *
 * Browsers send Sec-Fetch-Site where the address is https or loopback; elsewhere origin and host must agree.
 */
export function isFromAnotherAddress(headers: Headers): boolean {
  const [origin, site] = [headers.get("origin"), headers.get("sec-fetch-site")];
  if (origin === null || origin === "null" || origin === environment().NEXTAUTH_URL) return false;
  return site === null ? origin === `http://${headers.get("host")}` : site === "same-origin";
}

/**
 * Keeps other sites from acting with a person's cookies (CSRF).
 *
 * @throws HttpError 403 when a browser says that the request comes from elsewhere, or does not say from where.
 */
export function mustBeSameOrigin(headers: Headers): void {
  if (isSameOrigin(headers)) return;
  throw new HttpError(
    403,
    "foreign_origin",
    `This request must come from a page of this site. Open ${environment().NEXTAUTH_URL}`,
  );
}
