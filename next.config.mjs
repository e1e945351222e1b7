import { PHASE_PRODUCTION_SERVER } from "next/constants.js";

/** The build to make or to serve, by a hash of its source: see lib/cli/build.ts. */
const build = process.env.BATCH_JOBS_BUILD;

/** @type {(phase: string) => import("next").NextConfig} */
export default (phase) => ({
  reactStrictMode: true,
  // The other headers of every answer are set in lib/server/headers.ts.
  poweredByHeader: false,
  // The optimizer fetches addresses that strangers name; nothing here needs it.
  images: { unoptimized: true },
  // npm run check and the tests check types, of the tests too; a start shall not need their packages.
  typescript: { ignoreBuildErrors: true },
  // Builds of the same source are one version, wherever they were made: pages go on from one to the other.
  generateBuildId: () => build ?? null,
  distDir: build && phase === PHASE_PRODUCTION_SERVER ? `.next-${build}` : ".next",
});
