const lengthMax = 2_000;
const defaultPath = "/jobs";

/** Any origin will do. */
const placeholderOrigin = "http://origin.invalid";

/**
 * The path to redirect to after signing in: a page of this site, by default the jobs page. A link must not redirect
 * people to another site after they have entered their password (CWE-601).
 *
 * @param wanted untrusted: a path, or an absolute address on `origin`.
 * @param origin this site's public one.
 * @returns a path with its query.
 */
export function returnPath(wanted: unknown, origin = placeholderOrigin): string {
  if (typeof wanted !== "string" || wanted === "" || wanted.length > lengthMax) return defaultPath;
  // Browsers drop control characters from addresses, and read backslashes as slashes.
  if (/[\p{Cc}\\]/u.test(wanted) || /%(0[0-9a-f]|1[0-9a-f]|5c|7f)/i.test(wanted)) return defaultPath;
  const path = wanted.startsWith(`${origin}/`) ? wanted.slice(origin.length) : wanted;
  if (!path.startsWith("/") || !URL.canParse(path, placeholderOrigin)) return defaultPath;
  const url = new URL(path, placeholderOrigin);
  const isOurs = url.origin === placeholderOrigin && !url.pathname.startsWith("//");
  const isPage = !/^\/(api|sign-in|setup|_next)(\/|$)/.test(url.pathname);
  return isOurs && isPage ? url.pathname + url.search : defaultPath;
}
