import { createServer, type IncomingMessage, request, type Server } from "node:http";

/** A load balancer: sends each request to one of several instances. */
export class Balancer {
  /** The port for a request, or the response instead; round robin by default. */
  choose: (request: IncomingMessage) => number;
  /** Responses except redirects, as `200 /path`. */
  readonly answers: string[] = [];
  readonly #server: Server;
  #requests = 0;

  constructor(ports: number[]) {
    this.choose = () => ports[this.#requests++ % ports.length] ?? 0;
    this.#server = createServer((incoming, outgoing) => {
      const port = this.choose(incoming);
      const { method, url: path, headers } = incoming;
      const passed = request({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
        const status = answer.statusCode ?? 0;
        this.answers.push(`${status} ${path}`);
        outgoing.writeHead(status, answer.rawHeaders);
        answer.pipe(outgoing);
      });
      passed.on("error", () => outgoing.writeHead(502).end());
      incoming.pipe(passed);
    });
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
