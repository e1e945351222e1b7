import { readdirSync } from "node:fs";
import path from "node:path";
import { environment } from "../environment";

/** Below what browsers follow (20 in Chromium and Firefox). */
const attemptsMax = 15;
const attemptParameter = "attempt";
const prefix = "/_next/static/";

/**
 * Where a browser is sent for a script, style or image that is not part of this build: to the same address again.
 * During a rolling update the load balancer may have sent it here with a page of an instance that runs the other
 * version; the next attempt is likely to reach that one. Without JavaScript, too.
 *
 * @param url as requested.
 * @returns undefined for everything else, and when it was tried often enough: then it is on no instance.
 */
export function nextAttempt(url: string): string | undefined {
  if (!url.startsWith(prefix)) return undefined;
  const { pathname, searchParams } = new URL(url, "http://localhost");
  files ??= filesOfBuild();
  if (!pathname.startsWith(prefix) || files.has(decodeURIComponent(pathname))) return undefined;
  const attempt = Number(searchParams.get(attemptParameter) ?? 0);
  if (!(attempt < attemptsMax)) return undefined;
  searchParams.set(attemptParameter, String(Math.max(0, Math.trunc(attempt)) + 1));
  return `${pathname}?${searchParams}`;
}

let files: Set<string> | undefined;

function filesOfBuild(): Set<string> {
  const build = environment().BATCH_JOBS_BUILD;
  const folder = path.join(build ? `.next-${build}` : ".next", "static");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return new Set(names.map((name) => prefix + name.split(path.sep).join("/")));
}
