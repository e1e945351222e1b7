import { environment } from "../environment";
import { Refusal } from "../refusal";

/** Whether a browser says that one of our own pages sends this. Other programs say nothing. */
export function isSameOrigin(headers: Headers): boolean {
  const site = headers.get("sec-fetch-site");
  return headers.get("origin") === environment().NEXTAUTH_URL && (site === null || site === "same-origin");
}

/**
 * Keeps other sites from acting with a person's cookies (CSRF).
 *
 * @throws Refusal 403 when a browser says that the request comes from elsewhere, or does not say from where.
 */
export function mustBeSameOrigin(headers: Headers): void {
  if (isSameOrigin(headers)) return;
  throw new Refusal(
    403,
    "foreign_origin",
    `This must be sent from a page of this site: open ${environment().NEXTAUTH_URL}`,
  );
}
