import { createHash, timingSafeEqual } from "node:crypto";
import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { environment } from "../environment";
import { logError } from "../log";
import { collectMetrics } from "./metrics";

/**
 * Serves `/metrics` to Prometheus, if METRICS_PORT is set. A port of its own, because a reverse proxy does not forward
 * it, and because a busy server's limits must not hold up who looks why it is busy.
 */
export async function serveMetrics(): Promise<void> {
  const { HOST, METRICS_PORT, METRICS_TOKEN } = environment();
  if (METRICS_PORT === undefined) return;
  const registry = await collectMetrics();
  const server = createServer(async (request, response) => {
    const respond = (status: number, text: string, headers: Record<string, string> = {}) => {
      response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", ...headers });
      response.end(request.method === "HEAD" ? undefined : text);
    };
    if (request.url?.split("?", 1)[0] !== "/metrics") respond(404, "Not found. Metrics are at /metrics\n");
    else if (request.method !== "GET" && request.method !== "HEAD")
      respond(405, "Only GET and HEAD are allowed\n", { Allow: "GET, HEAD" });
    else if (METRICS_TOKEN !== undefined && !hasToken(request, METRICS_TOKEN))
      respond(401, "Send METRICS_TOKEN as Authorization: Bearer <token>\n", { "WWW-Authenticate": "Bearer" });
    else respond(200, await registry.metrics(), { "Content-Type": registry.contentType });
  });
  // Not the one that lib/server/guard.ts puts into all servers, for the requests of the other port.
  server.emit = EventEmitter.prototype.emit;
  server.on("error", (error) => logError("failed to serve metrics", error));
  server.listen(METRICS_PORT, HOST);
}

/** In a time that does not depend on how much of the token is right. */
function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  const [, given = ""] = /^bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  return timingSafeEqual(hash(given), hash(token));
}
