import { readdirSync } from "node:fs";
import path from "node:path";
import { environment } from "../environment";

/** Browsers follow 20 redirects. */
const attemptsMax = 15;
const attemptParameter = "attempt";
const prefix = "/_next/static/";

/**
 * The address to redirect to for a static file that is not in this build: the same again. During a rolling update the
 * next attempt is likely to reach an instance of the version that the page came from.
 *
 * @returns undefined for everything else, and after too many attempts.
 */
export function nextAttempt(url: string): string | undefined {
  if (!isStaticFile(url)) return undefined;
  const { pathname, searchParams } = new URL(url, "http://localhost");
  files ??= filesOfBuild();
  if (!pathname.startsWith(prefix) || files.has(decodeURIComponent(pathname))) return undefined;
  const attempt = Number(searchParams.get(attemptParameter) ?? 0);
  if (!(attempt < attemptsMax)) return undefined;
  searchParams.set(attemptParameter, String(Math.max(0, Math.trunc(attempt)) + 1));
  return `${pathname}?${searchParams}`;
}

/** Where this build of Next is. */
export function buildFolder(): string {
  const build = environment().BATCH_JOBS_BUILD;
  return build ? `.next-${build}` : ".next";
}

/** Whether an address is that of a script, style or font of a build. */
export function isStaticFile(url: string): boolean {
  return url.startsWith(prefix);
}

let files: Set<string> | undefined;

function filesOfBuild(): Set<string> {
  const folder = path.join(buildFolder(), "static");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return new Set(names.map((name) => prefix + name.split(path.sep).join("/")));
}
