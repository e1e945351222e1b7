import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";
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
  return network(hops[Math.max(0, at)] ?? "");
}

/**
 * What one client can be told by: an IPv4 address, or the first half of an IPv6 one, within which a client
 * has as many as it likes. Some proxies add a port, which differs with each connection.
 */
function network(hop: string): string {
  const address = hop.replace(/^\[(.*)\](:\d+)?$/, "$1").replace(/^(\d+(\.\d+){3}):\d+$/, "$1");
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  if (!isIPv6(plain)) return plain.slice(0, 64);
  const [head = "", tail] = plain.toLowerCase().split("::");
  const groups = (part: string) => part.split(":").filter((group) => group !== "");
  const [first, last] = [groups(head), groups(tail ?? "")];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  return [...first, ...Array(zeros).fill("0"), ...last]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
