import { EnvironmentError, environment, isDevelopment } from "../environment";
import { logConsole, logError } from "../log";
import { drain } from "./connections";
import { guardedServer, guardHttpServer, serveBeforeNext } from "./guard";
import { serveMetrics } from "./metrics-server";
import { startPeriodicTasks } from "./periodic-tasks";
import { type RouteTable, serveApi } from "./serve-api";
import { ignoreClosedOutput, limitPendingLog } from "./standard-streams";

const drainTimeoutMs = 10_000;

/**
 * Prepares a Next server: checks its environment, guards it, serves metrics, and ends it gracefully on signals.
 *
 * @param loadApi the routes to answer without Next; not called in development, nor with API_THROUGH_NEXT.
 */
export async function prepareServer(loadApi: () => Promise<RouteTable>): Promise<void> {
  ignoreClosedOutput();
  limitPendingLog();
  try {
    environment();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
  if (!isDevelopment()) logConsole();
  // Of hold-connections.mjs, which is loaded in production.
  const release = (globalThis as { batchJobsStopHolding?(): () => void }).batchJobsStopHolding?.();
  guardHttpServer();
  serveMetrics().catch((error) => logError("failed to serve metrics", error));
  stopPeriodicTasks = startPeriodicTasks();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, end);
  // The parent (lib/cli/start.mjs) holds the other end of this channel. When it is killed, so that the port becomes free,
  // this process ends, too.
  if (process.connected === false) process.exit(1);
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  if (!isDevelopment() && environment().API_THROUGH_NEXT === "off") {
    serveBeforeNext(await serveApi(await loadApi()));
  }
  release?.();
}

let isEnding = false;
let stopPeriodicTasks = () => {};

/** Only once: systemd sends a signal to each process, and the parent sends another. */
function end(): void {
  if (isEnding) return;
  isEnding = true;
  stopPeriodicTasks();
  setTimeout(() => process.exit(143), drainTimeoutMs).unref();
  // In development Next does this itself.
  if (!isDevelopment()) drain(guardedServer()).then(() => process.exit(143));
}
