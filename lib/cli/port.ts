import { Agent, get } from "node:http";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { requestIdHeader } from "../server/current-response";

/**
 * Checks that the server can listen there, before anything is built or started.
 * @param variable that sets the port.
 * @throws Error with a sentence that says what to do instead.
 */
export async function ensurePortFree(variable: string, host: string, port: number): Promise<void> {
  const error = await tryToListen(host, port);
  if (error) throw new Error(explain(error, variable, host, port));
  // Browsers may try ::1 first for "localhost", and would reach another program there.
  const other = host === "127.0.0.1" ? await tryToListen("::1", port) : undefined;
  if (other?.code === "EADDRINUSE") throw new Error(explain(other, variable, host, port));
}

function tryToListen(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

function explain(error: NodeJS.ErrnoException, variable: string, host: string, port: number): string {
  switch (error.code) {
    case "EADDRINUSE":
      return `Port ${port} is already in use. Stop the other program, or choose another port: ${variable}=${port + 1} npm start`;
    case "EACCES":
      return `This user can't listen on port ${port}. Choose one above 1023: ${variable}=${port + 10_000} npm start`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `HOST=${host} is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all its addresses.`;
    default:
      return `Failed to listen on ${host}, port ${port}: ${error.message}`;
  }
}

/** Where this machine reaches a server that listens there. */
export function localAddress(host: string, port: number): string {
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}

/** Waits until the server that listens there is alive, however long it takes. */
export async function waitUntilAlive(host: string, port: number): Promise<void> {
  const url = `${localAddress(host, port)}/health/live`;
  while (!(await isOk(url))) await delay(100, undefined, { ref: false });
}

/**
 * Whether the server is alive and guarded: in development Next listens before it has run instrumentation.ts. Without fetch or the shared
 * agent, which NODE_USE_ENV_PROXY sends through a proxy.
 */
function isOk(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, { agent: new Agent() }, (response) => {
      response.resume();
      const isGuarded = response.headers[requestIdHeader.toLowerCase()] !== undefined;
      resolve(response.statusCode === 200 && isGuarded);
    }).once("error", () => resolve(false));
  });
}
