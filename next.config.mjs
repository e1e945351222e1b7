/** @type {import("next").NextConfig} */
export default {
  reactStrictMode: true,
  // The other headers of every answer are set in lib/server/headers.ts.
  poweredByHeader: false,
  // The optimizer fetches addresses that strangers name; nothing here needs it.
  images: { unoptimized: true },
  // npm run check and the tests check types, of the tests too; a start shall not need their packages.
  typescript: { ignoreBuildErrors: true },
};
