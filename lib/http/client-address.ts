import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { environment } from "../environment";

/** Set by the guard (lib/server/guard.ts) on each request; what a client sends under this name is dropped. */
export const clientAddressHeader = "x-client-address";

/**
 * The address a request comes from: the connection's, or behind TRUSTED_PROXY_COUNT reverse proxies the one that the
 * outermost of them saw. What is further left in X-Forwarded-For, a client may have made up; and where it has fewer
 * entries than there are proxies, or no address at that place, the request has not come through all of them, so that
 * none is believed.
 *
 * @returns an IPv4 address as `203.0.113.7`; of IPv6 the network that one client has, as `2001:db8:1:2::/64`; empty
 *   when the connection is gone.
 */
export function clientAddress(request: IncomingMessage): string {
  const forwarded = String(request.headers["x-forwarded-for"] ?? "")
    .split(",")
    .filter((entry) => entry.trim() !== "");
  const proxies = environment().TRUSTED_PROXY_COUNT;
  const entry = proxies > 0 ? forwarded.at(-proxies) : undefined;
  const address = parseAddress(entry) ?? parseAddress(request.socket.remoteAddress);
  if (address === undefined) return "";
  return address.kind() === "ipv6" ? networkOf(address, 64) : address.toString();
}

/**
 * What one customer of a provider has at most: of an IPv6 network of 64 bits the one of 48 bits around it (RFC 6177).
 *
 * @param address as clientAddress returns it.
 * @returns undefined for IPv4.
 */
export function siteOf(address: string): string | undefined {
  return ipaddr.IPv6.isValidCIDR(address) ? networkOf(ipaddr.IPv6.parseCIDR(address)[0], 48) : undefined;
}

function networkOf(address: ipaddr.IPv4 | ipaddr.IPv6, bits: number): string {
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/${bits}`)}/${bits}`;
}

/** One address has many spellings: an IPv4 one mapped into IPv6 is the IPv4 one. Some proxies add a port. */
function parseAddress(spelling = ""): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const plain = spelling
    .trim()
    .replace(/^\[(.*)\](:\d+)?$/, "$1")
    .replace(/^(\d+(\.\d+){3}):\d+$/, "$1")
    .replace(/%.*$/, "");
  return isIP(plain) === 0 ? undefined : ipaddr.process(plain);
}
