import type { Server } from "node:http";

/** The header and all of a request must have come by then, or the connection ends with 408. */
const headMaxMs = 10_000;
const requestMaxMs = 20_000;
/** How often Node looks for those that are too slow. Its own default is 30 s. */
const checkEveryMs = 5_000;
/** A connection on which nothing moves, because the client does not read its answer, ends after this. */
const stalledMaxMs = 30_000;

/** Limits what slow clients can hold open, and ignores `Upgrade` (RFC 9110, section 7.8). For production only. */
export function configureHttpServer(server: Server): void {
  // With a listener Node hands over the bare socket, which Next leaves open for ever when no route matches.
  server.removeAllListeners("upgrade");
  server.headersTimeout = headMaxMs;
  server.requestTimeout = requestMaxMs;
  server.timeout = stalledMaxMs;
  // An option of createServer(), which Next calls. Node reads it again when its own listener starts the check anew.
  Object.assign(server, { connectionsCheckingInterval: checkEveryMs });
  server
    .listeners("listening")
    .find(({ name }) => name === "setupConnectionsTracking")
    ?.call(server);
}
