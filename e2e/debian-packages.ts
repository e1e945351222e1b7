import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** The Debian packages that tests use, each with a file of it. */
const files = {
  chromium: "/usr/bin/chromium",
  curl: "/usr/bin/curl",
  jq: "/usr/bin/jq",
  openssl: "/usr/bin/openssl",
  pgbouncer: "/usr/sbin/pgbouncer",
  postgresql: "/usr/lib/postgresql",
  prometheus: "/usr/bin/prometheus",
  "python3-requests": "/usr/lib/python3/dist-packages/requests/__init__.py",
  "redis-server": "/usr/bin/redis-server",
};
type Package = keyof typeof files;

/** The file by which a package is known. */
export function fileOf(name: Package): string {
  return files[name];
}

/**
 * Installs the packages that are missing, all at once, as two apt-get at a time get in each other's way. Needs root;
 * without it the tests that use one fail, and say which.
 */
export function installDebianPackages(...wanted: Package[]): void {
  // Only in the process that reads the configuration first: the workers then find them.
  const missing = wanted.filter((name) => !existsSync(files[name]));
  if (missing.length === 0 || process.env.TEST_WORKER_INDEX !== undefined) return;
  console.log(`Installing ${missing.join(", ")} for the tests …`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "-y", "-qq", "--no-install-recommends", ...missing];
  for (const command of [["update", "-qq"], install]) spawnSync("apt-get", command, { stdio: "ignore", env });
}

/** @throws when the package is not there. */
export function requirePackage(name: Package): void {
  if (!existsSync(files[name])) throw new Error(`Install it first: apt-get install ${name}`);
}
