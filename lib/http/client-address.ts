import type { IncomingMessage } from "node:http";
import { isIP, isIPv4 } from "node:net";
import ipaddr from "ipaddr.js";
import { environment } from "../environment";

/** Set on each request by lib/server/guard.ts, which drops what a client sends under this name. */
export const clientAddressHeader = "x-client-address";

/**
 * The client's address: the connection's, or behind TRUSTED_PROXY_COUNT reverse proxies the one that the outermost of
 * them saw. Entries further left in X-Forwarded-For may be forged. With fewer entries than proxies, the request has not
 * passed through all of them, so that none is trusted.
 *
 * @returns an IPv4 address such as `203.0.113.7`, or the client's IPv6 network such as `2001:db8:1:2::/64`; empty when
 *   the connection is closed.
 */
export function clientAddress(request: IncomingMessage): string {
  const proxies = environment().TRUSTED_PROXY_COUNT;
  const { remoteAddress } = request.socket;
  // The usual case, and an address in its only spelling.
  if (proxies === 0 && isIPv4(remoteAddress ?? "")) return remoteAddress ?? "";
  const forwarded = String(request.headers["x-forwarded-for"] ?? "")
    .split(",")
    .filter((entry) => entry.trim() !== "");
  const entry = proxies > 0 ? forwarded.at(-proxies) : undefined;
  const address = parseAddress(entry) ?? parseAddress(remoteAddress);
  if (address === undefined) return "";
  return address.kind() === "ipv6" ? networkOf(address, 64) : address.toString();
}

/**
 * The IPv6 /48 network of an address: what one customer of a provider has at most (RFC 6177).
 *
 * @param address as returned by clientAddress.
 * @returns undefined for IPv4.
 */
export function siteOf(address: string): string | undefined {
  return ipaddr.IPv6.isValidCIDR(address) ? networkOf(ipaddr.IPv6.parseCIDR(address)[0], 48) : undefined;
}

function networkOf(address: ipaddr.IPv4 | ipaddr.IPv6, bits: number): string {
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/${bits}`)}/${bits}`;
}

/** Some proxies add a port. An IPv4-mapped IPv6 address is parsed as IPv4. */
function parseAddress(spelling = ""): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const plain = spelling
    .trim()
    .replace(/^\[(.*)\](:\d+)?$/, "$1")
    .replace(/^(\d+(\.\d+){3}):\d+$/, "$1")
    .replace(/%.*$/, "");
  return isIP(plain) === 0 ? undefined : ipaddr.process(plain);
}
