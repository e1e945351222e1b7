import type { IncomingMessage } from "node:http";
import { environment } from "../environment";

/** `uri-host [":" port]` (RFC 9110, section 7.2). */
const authority = /^(\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]+)(:\d*)?$/i;
const absoluteForm = /^https?:\/\/([^/?#]*)(.*)$/i;

/** Whether a `Host` header names a host that a URL can have: Next makes one of it. */
export function isAuthority(host: string): boolean {
  return authority.test(host) && URL.canParse(`http://${host}`);
}

/**
 * Turns a request target in absolute form, `GET http://host/path`, which every server must accept (RFC 9112, section
 * 3.2.2), into the path that Next understands, and its host into the `Host` header. A target of another host is left
 * as it is: this server is no proxy.
 */
export function resolveAbsoluteForm(request: IncomingMessage): void {
  const [, host = "", path = ""] = absoluteForm.exec(request.url ?? "") ?? [];
  if (!ownAuthorities(request).includes(host.toLowerCase())) return;
  request.url = path.startsWith("/") ? path : `/${path}`;
  request.headers.host = host;
}

/** The public address, and those by which programs on this machine reach the port. */
function ownAuthorities({ socket }: IncomingMessage): string[] {
  const address = socket.localAddress?.replace(/^::ffff:/, "") ?? "";
  return [
    new URL(environment().NEXTAUTH_URL).host,
    `localhost:${socket.localPort}`,
    `${address.includes(":") ? `[${address}]` : address}:${socket.localPort}`,
  ];
}
