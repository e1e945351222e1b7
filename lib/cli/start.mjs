// @ts-check
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

// `npm start`: runs the server, and ends it on signals. This process stays as long as the server, so it is plain
// JavaScript and imports nothing: TypeScript's loader alone takes ten times the memory. What needs more than that is
// done by prepare-start.ts, a child process that ends when the server is alive, or later if it runs the embedded database.

/** @typedef {import("./prepare-start").ServerCommand} ServerCommand */

/** npm forwards a Ctrl-C that has reached this process already; within this time it is the same one. */
const sameSignalMs = 1_000;

/** @type {import("node:child_process").ChildProcess | undefined} */
let server;
/** @type {number | undefined} */
let endingSince;

const preparation = spawn(
  process.execPath,
  [fileURLToPath(new URL("run.mjs", import.meta.url)), "prepare-start", ...process.argv.slice(2)],
  { stdio: ["ignore", "inherit", "inherit", "ipc"] },
);
preparation.once("message", (/** @type {ServerCommand} */ command) => {
  if (endingSince === undefined) serve(command);
  else preparation.disconnect();
});
preparation.once("exit", (status) => {
  process.exitCode ||= status ?? 1;
  if (status !== 0 && server && endingSince === undefined) end();
});

/** @param {ServerCommand} command */
function serve({ words, env, stdout }) {
  server = spawn(process.execPath, words, {
    // In its own session, so that Ctrl-C reaches it only through this process. When this process is killed, the "ipc"
    // channel closes: see lib/server/prepare.ts.
    detached: true,
    stdio: ["ignore", stdout, "inherit", "ipc"],
    env,
  });
  server.once("exit", (status) => {
    process.exitCode ||= endingSince === undefined ? (status ?? 1) : 0;
    if (preparation.connected) preparation.disconnect();
  });
}

/** Ends the server gracefully the first time, and immediately the second time. */
function end() {
  if (endingSince === undefined) {
    endingSince = Date.now();
    if (!server || !preparation.connected) {
      (server ?? preparation).kill("SIGTERM");
      return;
    }
    // The demo's dialer first reports its calls.
    for (const event of ["message", "exit"]) preparation.once(event, () => server?.kill("SIGTERM"));
    // The channel may be closing just now. Without a callback that would be an unhandled error.
    preparation.send("ending", (error) => error && server?.kill("SIGTERM"));
  } else if (Date.now() - endingSince > sameSignalMs) {
    (server ?? preparation).kill("SIGKILL");
  }
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);

if (process.env.npm_lifecycle_event !== undefined) {
  // Ends the server when npm is killed by `kill -9`.
  const npm = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(watch);
    end();
  }, 1_000);
  watch.unref();
}
