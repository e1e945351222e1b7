import { environment } from "../environment";
import { HttpError } from "./http-error";

/** Whether the browser says that the request comes from a page of this site. */
export function isSameOrigin(headers: Headers): boolean {
  const site = headers.get("sec-fetch-site");
  return headers.get("origin") === environment().NEXTAUTH_URL && (site === null || site === "same-origin");
}

/**
 * Whether the request comes from a page of this server at another address than NEXTAUTH_URL, such as 127.0.0.1 for
 * localhost. Browsers send Sec-Fetch-Site for https and loopback; elsewhere origin and host must match.
 */
export function isFromAnotherAddress(headers: Headers): boolean {
  const [origin, site] = [headers.get("origin"), headers.get("sec-fetch-site")];
  if (origin === null || origin === "null" || origin === environment().NEXTAUTH_URL) return false;
  return site === null ? origin === `http://${headers.get("host")}` : site === "same-origin";
}

/**
 * Prevents cross-site request forgery.
 *
 * @throws HttpError 403 unless the browser says that the request comes from this site.
 */
export function mustBeSameOrigin(headers: Headers): void {
  if (isSameOrigin(headers)) return;
  throw new HttpError(
    403,
    "foreign_origin",
    `This request must come from a page of this site. Open ${environment().NEXTAUTH_URL}`,
  );
}
