import type { Server, ServerResponse } from "node:http";
import { Server as NetServer, type Socket } from "node:net";

/** An active client sends its next request within this time, and learns from the response that it is the last. */
const idleGraceMs = 150;
const checkEveryMs = 20;

/** The open connections, each with its unfinished responses in the order of their requests. */
const connections = new Map<Socket, Set<ServerResponse>>();

let isDraining = false;

/** @returns the connection's unfinished responses. */
export function trackConnection(socket: Socket): Set<ServerResponse> {
  const known = connections.get(socket);
  if (known) return known;
  const responses = new Set<ServerResponse>();
  connections.set(socket, responses);
  socket.once("close", () => {
    connections.delete(socket);
    // Node emits "close" for the current response, but not for those of pipelined requests after it.
    setImmediate(() => {
      for (const response of responses) response.emit("close");
    });
  });
  return responses;
}

/** Ensures that a response emits "close", and that its connection is not closed as idle. */
export function trackResponse(response: ServerResponse): void {
  const responses = trackConnection(response.req.socket);
  responses.add(response);
  response.once("close", () => responses.delete(response));
  if (isDraining) response.setHeader("Connection", "close");
}

/**
 * Accepts no more connections and closes the open ones: those with a pending response after it, and idle ones after a
 * moment, so that requests which are on their way are still answered.
 *
 * @param server undefined when nobody has connected yet.
 */
export async function drain(server: Server | undefined): Promise<void> {
  isDraining = true;
  for (const responses of connections.values()) {
    const last = [...responses].at(-1);
    if (last && !last.headersSent) last.setHeader("Connection", "close");
  }
  if (!server) return;
  // After reading what has arrived, which a busy event loop does only after its timers.
  const closeIdle = () =>
    setImmediate(() => {
      for (const [socket, responses] of connections) if (responses.size === 0) socket.destroy();
      // Those from before the guard was installed.
      server.closeIdleConnections();
    });
  setTimeout(() => setInterval(closeIdle, checkEveryMs), idleGraceMs);
  // http.Server's own close() destroys idle connections at once, even when their next request has just arrived.
  await new Promise((resolve) => NetServer.prototype.close.call(server, resolve));
}
