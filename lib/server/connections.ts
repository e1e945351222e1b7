import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** The open connections, each with its unfinished responses in the order of their requests. */
const connections = new Map<Socket, Set<ServerResponse>>();

/** @returns its unfinished responses. */
export function trackConnection(socket: Socket): Set<ServerResponse> {
  const known = connections.get(socket);
  if (known) return known;
  const responses = new Set<ServerResponse>();
  connections.set(socket, responses);
  socket.once("close", () => {
    connections.delete(socket);
    // Node emits "close" for the response whose turn it is, but not for those of pipelined requests after it.
    setImmediate(() => {
      for (const response of responses) response.emit("close");
    });
  });
  return responses;
}

/** Makes "close" certain to come for a response, and keeps its connection from being closed as idle. */
export function trackResponse(response: ServerResponse): void {
  const responses = trackConnection(response.req.socket);
  responses.add(response);
  response.once("close", () => responses.delete(response));
}

/** Announces the end of each connection in its last response that can still say so. */
export function announceClose(): void {
  for (const responses of connections.values()) {
    const last = [...responses].at(-1);
    if (last && !last.headersSent) last.setHeader("Connection", "close");
  }
}

/** Closes the connections on which no response is due. */
export function closeIdleConnections(): void {
  for (const [socket, responses] of connections) if (responses.size === 0) socket.destroy();
}
