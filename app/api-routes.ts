/**
 * The routes that are answered without Next (lib/server/serve-api.ts): all below app/batch, by their folder.
 * e2e/architecture.spec.ts checks that none is missing.
 */
export const apiRoutes = {
  "/batch/[[...path]]": () => import("./batch/[[...path]]/route"),
  "/batch/calls/[callId]/dialing": () => import("./batch/calls/[callId]/dialing/route"),
  "/batch/calls/[callId]/result": () => import("./batch/calls/[callId]/result/route"),
  "/batch/calls/claim": () => import("./batch/calls/claim/route"),
  "/batch/create": () => import("./batch/create/route"),
  "/batch/jobs": () => import("./batch/jobs/route"),
  "/batch/jobs/[batchJobId]": () => import("./batch/jobs/[batchJobId]/route"),
  "/batch/jobs/[batchJobId]/cancel": () => import("./batch/jobs/[batchJobId]/cancel/route"),
  "/batch/jobs/[batchJobId]/fail": () => import("./batch/jobs/[batchJobId]/fail/route"),
  "/batch/jobs/[batchJobId]/redis-status": () => import("./batch/jobs/[batchJobId]/redis-status/route"),
  "/batch/jobs/[batchJobId]/reschedule": () => import("./batch/jobs/[batchJobId]/reschedule/route"),
  "/batch/jobs/[batchJobId]/start": () => import("./batch/jobs/[batchJobId]/start/route"),
};
