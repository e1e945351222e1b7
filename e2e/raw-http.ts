import { connect } from "node:net";

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
