import { PHASE_PRODUCTION_SERVER } from "next/constants.js";

/** The hash of the version to build or to serve: see lib/cli/build.ts. */
const build = process.env.BATCH_JOBS_BUILD;

/** @type {(phase: string) => import("next").NextConfig} */
export default (phase) => ({
  reactStrictMode: true,
  // lib/server/headers.ts sets the other headers.
  poweredByHeader: false,
  // Pages and files; lib/http/compression.ts compresses what route handlers answer.
  compress: process.env.COMPRESSION !== "off",
  // Unused, and it fetches addresses from requests.
  images: { unoptimized: true },
  // In development, dialers, such as the demo's, would fill the terminal.
  logging: { incomingRequests: { ignore: [/^\/batch\/calls\//] } },
  // npm run check does this; a build must not need the packages of the tests.
  typescript: { ignoreBuildErrors: true },
  // Pages continue to work across builds of the same version.
  generateBuildId: () => build ?? null,
  distDir: build && phase === PHASE_PRODUCTION_SERVER ? `.next-${build}` : ".next",
});
