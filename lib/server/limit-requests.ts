import { AsyncResource } from "node:async_hooks";
import type { IncomingMessage, ServerResponse } from "node:http";
import { environment, isDevelopment } from "../environment";
import { clientAddressHeader } from "../http/client-address";
import { logError } from "../log";
import { counters } from "./counters";
import { sendTooBusy } from "./too-busy";

interface Client {
  running: number;
  waiting: { start(): void; reject(): void }[];
}

/**
 * Limits the requests that run at a time, in total and per client. More requests wait in a queue for a moment, and those
 * beyond are rejected. Clients take turns, so that one with many requests does not delay the others, and one that has
 * filled the queue makes room for them. Alone it may fill it: a load balancer can be the only client.
 */
class RequestLimiter {
  readonly #runningMax: number;
  /** Fewer than the pool's connections, so that some are left for other clients. */
  readonly #runningPerClientMax: number;
  readonly #waitingMax = 2_048;
  readonly #waitMaxMs = 3_000;
  /** After its client has disconnected, a request counts for this long, because its work continues for a while. */
  readonly #disconnectedMs = 250;
  #running = 0;
  #waiting = 0;
  readonly #clients = new Map<string, Client>();

  constructor(databasePoolMax: number) {
    this.#runningMax = 4 * databasePoolMax;
    this.#runningPerClientMax = Math.max(1, Math.floor(databasePoolMax * 0.8));
  }

  /**
   * Calls `start` now or later, or else `reject`; neither when the client disconnects while it waits.
   *
   * @param address identifies the client.
   * @param response its "close" ends the request.
   */
  run(address: string, response: ServerResponse, start: () => void, reject: () => void): void {
    const client = this.#clients.get(address) ?? { running: 0, waiting: [] };
    if (this.#hasRoom(client)) {
      this.#start(address, client, response, start);
    } else if (this.#waiting < this.#waitingMax || this.#makeRoom(client)) {
      this.#wait(address, client, response, start, reject);
    } else {
      reject();
    }
  }

  #hasRoom({ running }: Client): boolean {
    return this.#running < this.#runningMax && running < this.#runningPerClientMax;
  }

  /** Rejects the newest request of the client that has most of them waiting, unless `client` would then have as many. */
  #makeRoom(client: Client): boolean {
    let most = client;
    for (const other of this.#clients.values()) {
      if (other.waiting.length > most.waiting.length) most = other;
    }
    if (most.waiting.length < client.waiting.length + 2) return false;
    most.waiting.at(-1)?.reject();
    return true;
  }

  #start(address: string, client: Client, response: ServerResponse, start: () => void): void {
    this.#clients.set(address, client);
    this.#running++;
    client.running++;
    const end = () => {
      this.#running--;
      client.running--;
      this.#removeIfIdle(address, client);
      this.#startNext();
    };
    response.once("close", () => {
      if (response.writableEnded) end();
      else setTimeout(end, this.#disconnectedMs);
    });
    start();
  }

  #wait(
    address: string,
    client: Client,
    response: ServerResponse,
    start: () => void,
    reject: () => void,
  ): void {
    const leave = () => {
      clearTimeout(timer);
      response.off("close", leave);
      client.waiting.splice(client.waiting.indexOf(waiting), 1);
      this.#waiting--;
      this.#removeIfIdle(address, client);
    };
    // Bound to this request's asynchronous context: it is called in that of the request that ends before it.
    const startInOwnContext = AsyncResource.bind(start);
    const waiting = {
      start: () => {
        leave();
        this.#start(address, client, response, startInOwnContext);
      },
      reject: () => {
        leave();
        reject();
      },
    };
    const timer = setTimeout(waiting.reject, this.#waitMaxMs);
    response.once("close", leave);
    this.#clients.set(address, client);
    client.waiting.push(waiting);
    this.#waiting++;
  }

  #startNext(): void {
    for (const [address, client] of this.#clients) {
      const [next] = client.waiting;
      if (!next || !this.#hasRoom(client)) continue;
      // The client's next turn comes after everybody else's.
      this.#clients.delete(address);
      this.#clients.set(address, client);
      next.start();
      return;
    }
  }

  #removeIfIdle(address: string, { running, waiting }: Client): void {
    if (running === 0 && waiting.length === 0) this.#clients.delete(address);
  }
}

let limiters: { withoutBody: RequestLimiter; withBody: RequestLimiter } | undefined;

/** Handles a request when there is room for it, or responds that the server is busy. */
export function limitRequests(request: IncomingMessage, response: ServerResponse, handle: () => void): void {
  // A busy server must still report that it is alive. Development compiles while requests wait.
  if (isDevelopment() || request.url?.startsWith("/health/")) {
    handle();
    return;
  }
  const { DATABASE_POOL_MAX } = environment();
  limiters ??= {
    withoutBody: new RequestLimiter(DATABASE_POOL_MAX),
    withBody: new RequestLimiter(DATABASE_POOL_MAX),
  };
  // Limited separately, so that slow bodies, from however many addresses, do not block other requests.
  const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
  const limiter = length !== "0" || encoding !== undefined ? limiters.withBody : limiters.withoutBody;
  limiter.run(String(request.headers[clientAddressHeader]), response, handle, () => {
    counters.requestsRejected++;
    logError("failed to handle request: too many at once", undefined);
    sendTooBusy(request, response);
  });
}
