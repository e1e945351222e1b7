import { EnvironmentError, environment, isDevelopment } from "../environment";
import { logConsole } from "../log";
import { drain } from "./drain";
import { guardedServer, guardHttpServers } from "./guard";
import { boundPendingLog, surviveClosedOutput } from "./standard-streams";

/** After a signal, requests in flight get this long to end. */
const drainLimitMs = 10_000;

/** Makes a Next server fit to serve: its environment checked, its door guarded, its end certain. */
export function prepareServer(): void {
  surviveClosedOutput();
  boundPendingLog();
  try {
    environment();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
  if (!isDevelopment()) logConsole();
  guardHttpServers();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, end);
  // Our parent (lib/cli/start.ts) holds the other end of this channel. When it is killed, we end too:
  // an orphan would keep the port.
  if (process.connected === false) process.exit(1);
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
}

let isEnding = false;

/** On the first signal. systemd sends one to each process, so a second comes from our parent. */
function end(): void {
  if (isEnding) return;
  isEnding = true;
  setTimeout(() => process.exit(143), drainLimitMs).unref();
  // In development Next ends by itself.
  if (!isDevelopment()) drain(guardedServer()).then(() => process.exit(143));
}
