import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";

const systemChromium = "/usr/bin/chromium";

function run(command: string, args: string[]): boolean {
  return (
    spawnSync(command, args, { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } })
      .status === 0
  );
}

/**
 * A Chromium to drive: Playwright's own, or else Debian's. Where there is neither, fetches the first, or
 * else, as root, the second. Where none is to be had the tests that need one fail, and say so.
 *
 * @returns the path of Debian's, or undefined for Playwright's own.
 */
export function chromiumPath(): string | undefined {
  if (existsSync(chromium.executablePath())) return undefined;
  if (existsSync(systemChromium)) return systemChromium;
  // Once, in the process that reads the configuration first; the workers then find it.
  if (process.env.TEST_WORKER_INDEX !== undefined) return undefined;
  console.log("Installing a browser for the tests …");
  if (run("npx", ["playwright", "install", "chromium"])) return undefined;
  const install = ["install", "-y", "-qq", "--no-install-recommends", "chromium"];
  if (run("apt-get", ["update", "-qq"]) && run("apt-get", install)) return systemChromium;
  console.log(
    "No browser could be installed: the tests of pages will fail. Install one with: apt-get install chromium",
  );
  return undefined;
}
