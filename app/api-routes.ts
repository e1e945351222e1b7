/**
 * The routes that are answered without Next (lib/server/serve-api.ts): all below app/batch, by their folder.
 * e2e/architecture.spec.ts checks that none is missing.
 */
export const apiRoutes = {
  "/batch/jobs": () => import("./batch/jobs/route"),
  "/batch/[[...path]]": () => import("./batch/[[...path]]/route"),
};
