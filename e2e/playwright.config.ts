import { defineConfig } from "@playwright/test";
import { chromiumPath } from "./browser";
import { installDebianPackages } from "./debian-packages";
import { addresses, secret } from "./servers";

installDebianPackages(
  "curl",
  "jq",
  "openssl",
  "pgbouncer",
  "postgresql",
  "prometheus",
  "python3-requests",
  "redis-server",
);
if (chromiumPath() !== undefined) installDebianPackages("chromium");

/** The production server, as an operator starts it, with variables that tests need. */
function server(address: string, env: Record<string, string> = {}) {
  return {
    command: "node lib/cli/start.mjs",
    cwd: "..",
    url: `${address}/health/live`,
    env: {
      NEXTAUTH_URL: address,
      PORT: new URL(address).port,
      NEXTAUTH_SECRET: secret,
      // Refused requests are what most tests are about.
      LOG_REQUESTS: "off",
      ...env,
    },
    gracefulShutdown: { signal: "SIGTERM" as const, timeout: 15_000 },
    stderr: "pipe" as const,
  };
}

function withoutIndexes(databaseUrl: string): string {
  const off = ["indexscan", "indexonlyscan", "bitmapscan"].map((plan) => `-c enable_${plan}=off`);
  return `${databaseUrl}?options=${encodeURIComponent(off.join(" "))}`;
}

/** Specs whose tests mostly wait. */
const waiting = ["live.spec.ts", "watch.spec.ts"];
const left = process.env.SCREENSHOTS ? [] : ["screenshots.spec.ts"];

export default defineConfig({
  testDir: ".",
  outputDir: ".output",
  // The one snapshot: see schema.spec.ts.
  snapshotPathTemplate: "{testDir}/{arg}{ext}",
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // Two cores do the work of two tests. Beside them, one at a time, run those that mostly wait for time to pass.
  workers: 3,
  projects: [
    { name: "waiting", testMatch: waiting, workers: 1 },
    { name: "working", testIgnore: [...waiting, ...left], workers: 2 },
  ],
  // Where others share the machine a page can be slow once; the list then calls the test flaky.
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  // A page that waits for its next refresh has up to half of this to do so; a machine that is shared, the rest.
  expect: { timeout: 10_000 },
  reporter: [["list"], ["./reporter.ts"]],
  use: {
    baseURL: addresses.main,
    timezoneId: "UTC",
    launchOptions: { executablePath: chromiumPath() },
  },
  webServer: [
    server(addresses.main),
    server(addresses.odd, {
      API_RATE_LIMIT_PER_MINUTE: "5",
      TRUSTED_PROXY_COUNT: "1",
      COMPRESSION: "off",
      DATABASE_URL: withoutIndexes(process.env.DATABASE_URL ?? ""),
    }),
    server(addresses.throughNext, { NEXTAUTH_URL: addresses.main, API_THROUGH_NEXT: "on" }),
  ],
});
