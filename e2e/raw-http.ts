import { connect } from "node:net";
import { addresses } from "./servers";

/**
 * Sends raw bytes to a server, for requests that no HTTP client sends. @returns the whole response.
 * @throws when the server keeps the connection open for longer than 5 s.
 */
export function sendRaw(address: string, request: string): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = "";
    socket.setTimeout(5_000, () => socket.destroy(new Error(`No end after 5 s: ${text}`)));
    socket.on("data", (piece) => (text += piece.toString("latin1")));
    socket.on("error", reject);
    socket.on("close", () => resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text }));
    socket.write(Buffer.from(request, "latin1"));
  });
}

/** A GET request in bytes, with these header lines. */
export function rawGet(target: string, ...headers: string[]): string {
  return `GET ${target} HTTP/1.1\r\n${["Host: localhost", "Connection: close", ...headers].join("\r\n")}\r\n\r\n`;
}

/** An answer without what differs each time: its date, its request id, and the nonce of a page. */
function comparable(text: string): string {
  return text
    .replace(/^(date|x-request-id): .*\r\n/gim, "")
    .replace(/\b([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/g, "*");
}

/**
 * Sends bytes to the main server and to the one where Next answers the API.
 *
 * @returns the main server's answer.
 * @throws when the other's is not the same, byte for byte.
 */
export async function sendBothWays(request: string): Promise<{ status: number; text: string }> {
  const [direct, throughNext] = await Promise.all([
    sendRaw(addresses.main, request),
    sendRaw(addresses.throughNext, request),
  ]);
  const [own, next] = [direct, throughNext].map(({ text }) => comparable(text).split("\r\n"));
  const at = own?.findIndex((line, index) => line !== next?.[index]) ?? 0;
  if (at !== -1 || own?.length !== next?.length) {
    throw new Error(
      `${request.slice(0, 300)}\nWithout Next: ${own?.[at]?.slice(0, 300)}\nThrough Next: ${next?.[at]?.slice(0, 300)}`,
    );
  }
  return direct;
}
