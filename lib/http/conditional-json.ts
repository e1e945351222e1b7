import { createHash } from "node:crypto";
import { throttleAsNotModified } from "../api-keys/throttle";
import { jsonText } from "./endpoint";

/**
 * A strong validator (RFC 9110, section 8.8.3): the same for the same body at the same address, for whichever key and
 * from whichever instance.
 */
function strongETag({ pathname }: URL, query: object, body: string): string {
  // The order of a list, such as status=running,failed, makes no other page.
  const address = JSON.stringify(query, (_, value) => (Array.isArray(value) ? [...value].sort() : value));
  const hash = createHash("sha256").update(`${pathname}?${address}\n`).update(body);
  return `"${hash.digest("base64")}"`;
}

/**
 * Whether `If-None-Match` has the tag, by weak comparison (RFC 9110, section 13.1.2). Our tags have no comma, so that a
 * list can be split at commas; what is not a valid tag equals none.
 */
function hasTag(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch.trim() === "*") return true;
  return ifNoneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}

/**
 * The response to a GET or HEAD request that may read what it asks for: 200 with an `ETag`, or 304 without the body if
 * `If-None-Match` has that tag. Call it last, as the 304 says that the request was authorized.
 *
 * @param query the parsed parameters, so that the same page has one tag however its address is written.
 * @param headers those of the 200; the 304 has them, too, as RFC 9110, section 15.4.5, asks for some of them.
 */
export function conditionalJson(
  request: Request,
  query: object,
  body: string,
  headers: Record<string, string> = {},
): Response {
  const etag = strongETag(new URL(request.url), query, body);
  const tagged = { ETag: etag, ...headers };
  const ifNoneMatch = request.headers.get("if-none-match");
  if (ifNoneMatch === null || !hasTag(ifNoneMatch, etag)) return jsonText(body, tagged);
  throttleAsNotModified();
  return new Response(null, { status: 304, headers: tagged });
}
