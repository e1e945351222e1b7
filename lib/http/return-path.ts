const lengthMax = 2_000;
const defaultPath = "/jobs";

/** Any origin will do: only whether an address leaves it matters. */
const here = "http://here.invalid";

/**
 * Where to go after signing in, from what the address or a form says: a page of ours, else the jobs page.
 * So a link cannot send somebody who has just typed their password to another site (CWE-601).
 *
 * @param wanted a path, or an absolute address on `origin`; anything.
 * @param origin our public one.
 * @returns a path with its query, which starts with one slash.
 */
export function returnPath(wanted: unknown, origin = here): string {
  if (typeof wanted !== "string" || wanted === "" || wanted.length > lengthMax) return defaultPath;
  // Control characters, which browsers drop from addresses, and backslashes, which they take for slashes.
  if (/[\p{Cc}\\]/u.test(wanted) || /%(0[0-9a-f]|1[0-9a-f]|5c|7f)/i.test(wanted)) return defaultPath;
  const path = wanted.startsWith(`${origin}/`) ? wanted.slice(origin.length) : wanted;
  if (!path.startsWith("/") || !URL.canParse(path, here)) return defaultPath;
  const url = new URL(path, here);
  const isOurs = url.origin === here && !url.pathname.startsWith("//");
  const isPage = !/^\/(api|sign-in|setup|_next)(\/|$)/.test(url.pathname);
  return isOurs && isPage ? url.pathname + url.search : defaultPath;
}
