import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

const timeoutMs = 10_000;
const waitMaxMs = 5_000;

/** The server has answered that it will not do this, now or later. */
export class RefusedError extends Error {
  constructor(
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** Batch Jobs, seen by a dialer. */
export class Client {
  private isReachable = true;

  /**
   * @param url of the server, without a slash at its end.
   * @param log is told when the server can't be reached, and when it can again.
   */
  constructor(
    private readonly url: string,
    private readonly apiKey: string,
    private readonly log: (line: string) => void = () => {},
  ) {}

  /**
   * Sends a request until it is answered: it is repeated when the connection fails, or the server is not available or
   * asks to wait.
   *
   * @param body an object, or its JSON.
   * @param options.isRepeatable whether it has one effect anyway, however often it arrives; otherwise it gets an
   *   Idempotency-Key.
   * @param options.signal ends the repetitions.
   * @throws RefusedError for an error of ours, such as 409; AbortError when `signal` has ended the repetitions.
   */
  async post<T>(
    path: string,
    body: object | string,
    { isRepeatable = false, signal }: { isRepeatable?: boolean; signal?: AbortSignal } = {},
  ): Promise<T> {
    const headers = {
      Authorization: `Bearer ${this.apiKey}`,
      "Content-Type": "application/json",
      ...(isRepeatable ? {} : { "Idempotency-Key": randomUUID() }),
    };
    const json = typeof body === "string" ? body : JSON.stringify(body);
    for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, waitMaxMs)) {
      signal?.throwIfAborted();
      const request = { method: "POST", headers, body: json, signal: AbortSignal.timeout(timeoutMs) };
      let problem: string | undefined;
      const response = await fetch(this.url + path, request).catch((error) => {
        problem = error.cause?.code ?? error.cause?.message ?? error.message;
      });
      const answer = await response?.json().catch(() => undefined);
      if (response && !answer) problem = `status ${response.status}, but the response is not JSON`;
      else if (response && response.status >= 500) problem = `status ${response.status}: ${answer.detail}`;
      this.report(problem);
      if (response?.ok && answer) return answer;
      if (response && answer && response.status < 500 && response.status !== 429) {
        throw new RefusedError(answer.code, answer.detail);
      }
      const seconds = Number(response?.headers.get("Retry-After") ?? 0);
      await delay(Math.max(waitMs, seconds * 1_000), undefined, { signal });
    }
  }

  /** Once for each outage. @param problem undefined when the server answered. */
  private report(problem: string | undefined): void {
    if (this.isReachable === (problem === undefined)) return;
    this.isReachable = problem === undefined;
    if (this.isReachable) this.log(`Batch Jobs at ${this.url} is reachable again`);
    else this.log(`Can't reach Batch Jobs at ${this.url} (${problem}). Retrying. Check BATCH_JOBS_URL.`);
  }
}
