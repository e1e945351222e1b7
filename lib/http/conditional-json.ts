import { createHash } from "node:crypto";
import { countAsNotModified } from "../api-keys/rate-limit";
import { type Answer, jsonBytes } from "./endpoint";

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

/** JSON with its `ETag`, to be sent any number of times. */
export interface TaggedJson {
  body: Buffer<ArrayBuffer>;
  etag: string;
  headers: Record<string, string>;
}

/**
 * @param query the parsed parameters, so that the same page has one tag however its address is written.
 * @param headers of the 200 and the 304, as RFC 9110, section 15.4.5, asks for some of them.
 */
export function tagJson(
  request: Request,
  query: object,
  text: string,
  headers: Record<string, string> = {},
): TaggedJson {
  const etag = strongETag(new URL(request.url), query, text);
  return { body: Buffer.from(text), etag, headers: { ETag: etag, ...headers } };
}

/**
 * The response to a GET or HEAD request that may read what it asks for: 200 with an `ETag`, or 304 without the body if
 * `If-None-Match` has that tag. Call it last, as the 304 says that the request was authorized.
 *
 * @param headers more of them, which depend on the request.
 */
export function conditionalJson(
  request: Request,
  { body, etag, headers: own }: TaggedJson,
  headers: Record<string, string> = {},
): Answer {
  const ifNoneMatch = request.headers.get("if-none-match");
  if (ifNoneMatch === null || !hasTag(ifNoneMatch, etag)) return jsonBytes(body, { ...own, ...headers });
  countAsNotModified();
  return { body: null, status: 304, headers: new Headers({ ...own, ...headers }) };
}
