import type { Server, ServerResponse } from "node:http";
import { Server as NetServer } from "node:net";
import { announceClose, closeIdleConnections } from "./connections";

/** A client that is busy sends its next request within this time, and learns from the response that it is the last. */
const idleGraceMs = 150;
const checkEveryMs = 20;

let isDraining = false;

/** Tells the client that its connection ends with this response, once the server is about to end. */
export function announceDrain(response: ServerResponse): void {
  if (isDraining) response.setHeader("Connection", "close");
}

/**
 * Accepts no more connections and ends those there are: the busy ones after the response that is due, the idle ones
 * after a moment, so that a request which is on its way at this instant is still answered.
 *
 * @param server undefined when nobody has connected yet.
 */
export async function drain(server: Server | undefined): Promise<void> {
  isDraining = true;
  announceClose();
  if (!server) return;
  // After reading what has arrived, which an event loop that was busy does only after its timers.
  const closeIdle = () =>
    setImmediate(() => {
      closeIdleConnections();
      // Those from before the guard was there, such as that of the first health check.
      server.closeIdleConnections();
    });
  setTimeout(() => setInterval(closeIdle, checkEveryMs), idleGraceMs);
  // http.Server's own close() destroys idle connections at once, also when their next request has just arrived.
  await new Promise((resolve) => NetServer.prototype.close.call(server, resolve));
}
