import type { IncomingMessage, ServerResponse } from "node:http";

/** How long a request may take to arrive. */
const arrivalMaxMs = 20_000;
/** It may take a second longer for each of these that have arrived. */
const bytesPerSecondMin = 50_000;

/**
 * Enough for a request of 10 MiB, the largest that is accepted, at the slowest rate. Node ends a request with 408 that takes
 * longer: a larger one, or the rest of one that was answered before all of it had arrived.
 */
export const requestMaxMs = 240_000;

/**
 * Ends a request with 408 whose body arrives too slowly, by the rule of Apache's mod_reqtimeout (`body=20,MinRate=50000`):
 * a fixed time would refuse uploads over slow lines, or let clients that send byte by byte hold a place for as long.
 */
export function limitSlowBody(request: IncomingMessage, response: ServerResponse): void {
  const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
  if (length === "0" && encoding === undefined) return;
  const { socket } = request;
  const startMs = performance.now();
  const bytesBefore = socket.bytesRead;
  const remainingMs = () =>
    arrivalMaxMs +
    ((socket.bytesRead - bytesBefore) / bytesPerSecondMin) * 1_000 -
    (performance.now() - startMs);
  const check = () => {
    if (request.complete || socket.destroyed) return;
    const ms = remainingMs();
    if (ms > 0) {
      timer = setTimeout(check, ms);
      return;
    }
    if (!response.headersSent) socket.write("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n");
    socket.destroySoon();
  };
  let timer = setTimeout(check, arrivalMaxMs);
  response.once("close", () => {
    if (request.complete) clearTimeout(timer);
  });
}
