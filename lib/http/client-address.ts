import type { IncomingMessage } from "node:http";
import { environment } from "../environment";

/** Set by the guard (lib/server/guard.ts) on each request; what a client sends under this name is dropped. */
export const clientAddressHeader = "x-client-address";

/**
 * The address a request comes from: the connection's, or behind TRUSTED_PROXY_COUNT reverse proxies the one
 * that the outermost of them saw. What stands further left in X-Forwarded-For, a client may have made up.
 */
export function clientAddress(request: IncomingMessage): string {
  const forwarded = String(request.headers["x-forwarded-for"] ?? "")
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
  const hops = [...forwarded, request.socket.remoteAddress ?? ""];
  const at = hops.length - 1 - environment().TRUSTED_PROXY_COUNT;
  return (hops[Math.max(0, at)] ?? "").replace(/^::ffff:/, "").slice(0, 64);
}
