import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";

const systemChromium = "/usr/bin/chromium";

function run(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
}

/**
 * A Chromium to drive: Playwright's own, or else Debian's. Where there is neither, fetches the first, or
 * else, as root, the second.
 *
 * @returns the path of Debian's, or undefined for Playwright's own.
 * @throws Error that says what to install when there is none to be had.
 */
export function chromiumPath(): string | undefined {
  if (existsSync(chromium.executablePath())) return undefined;
  if (existsSync(systemChromium)) return systemChromium;
  // Only once, in the process that reads the configuration first; the workers then find it.
  console.log("Installing a browser for the tests …");
  if (run("npx", ["playwright", "install", "--with-deps", "chromium"])) return undefined;
  if (
    run("apt-get", ["update", "-qq"]) &&
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"])
  ) {
    return systemChromium;
  }
  throw new Error("No browser for the tests. Install one with: apt-get install chromium");
}
