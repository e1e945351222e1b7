import { AsyncResource } from "node:async_hooks";
import type { ServerResponse } from "node:http";

export interface InFlightLimits {
  runningMax: number;
  runningPerClientMax: number;
  waitingMax: number;
  waitingPerClientMax: number;
  waitMaxMs: number;
  /** A request counts for so long after its client has gone away, as the work for it goes on for a while. */
  abandonedMs: number;
}

interface Client {
  running: number;
  waiting: { start(): void }[];
}

/**
 * Bounds the requests in flight, in all and per client. What is beyond waits its turn for a moment; what is beyond
 * that is refused at once. Clients take turns, so that one with many requests does not keep the others waiting.
 */
export class InFlight {
  #running = 0;
  #waiting = 0;
  /** Those with a request, in the order of their turns. */
  readonly #clients = new Map<string, Client>();

  constructor(readonly limits: InFlightLimits) {}

  /**
   * Calls `start` now or later, or else `refuse`; neither when the client goes away before its turn.
   *
   * @param address what tells one client from another.
   * @param response its "close" ends the request.
   */
  admit(address: string, response: ServerResponse, start: () => void, refuse: () => void): void {
    const client = this.#clients.get(address) ?? { running: 0, waiting: [] };
    if (this.#hasRoom(client)) {
      this.#start(address, client, response, start);
    } else if (
      client.waiting.length < this.limits.waitingPerClientMax &&
      this.#waiting < this.limits.waitingMax
    ) {
      this.#wait(address, client, response, start, refuse);
    } else {
      refuse();
    }
  }

  #hasRoom({ running }: Client): boolean {
    return this.#running < this.limits.runningMax && running < this.limits.runningPerClientMax;
  }

  #start(address: string, client: Client, response: ServerResponse, start: () => void): void {
    this.#clients.set(address, client);
    this.#running++;
    client.running++;
    const end = () => {
      this.#running--;
      client.running--;
      this.#forgetIfGone(address, client);
      this.#startNext();
    };
    response.once("close", () => {
      if (response.writableEnded) end();
      else setTimeout(end, this.limits.abandonedMs);
    });
    start();
  }

  #wait(
    address: string,
    client: Client,
    response: ServerResponse,
    start: () => void,
    refuse: () => void,
  ): void {
    const leave = () => {
      clearTimeout(timer);
      response.off("close", leave);
      client.waiting.splice(client.waiting.indexOf(waiting), 1);
      this.#waiting--;
      this.#forgetIfGone(address, client);
    };
    // Bound to this request's asynchronous context: it is called in that of the one that ends before it.
    const startInOwnContext = AsyncResource.bind(start);
    const waiting = {
      start: () => {
        leave();
        this.#start(address, client, response, startInOwnContext);
      },
    };
    const timer = setTimeout(() => {
      leave();
      refuse();
    }, this.limits.waitMaxMs);
    response.once("close", leave);
    this.#clients.set(address, client);
    client.waiting.push(waiting);
    this.#waiting++;
  }

  #startNext(): void {
    for (const [address, client] of this.#clients) {
      const [next] = client.waiting;
      if (!next || !this.#hasRoom(client)) continue;
      // To the end of the round.
      this.#clients.delete(address);
      this.#clients.set(address, client);
      next.start();
      return;
    }
  }

  #forgetIfGone(address: string, { running, waiting }: Client): void {
    if (running === 0 && waiting.length === 0) this.#clients.delete(address);
  }
}
