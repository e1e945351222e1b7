import { Agent, get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** Waits until something answers 200 at an address. Waits for ever when nothing does. */
export async function untilAnswering(address: string): Promise<void> {
  for (;;) {
    if (await isAnswering(address)) return;
    await delay(100, undefined, { ref: false });
  }
}

/** Not by fetch, nor through the shared agent: NODE_USE_ENV_PROXY sends both to a proxy, which cannot reach us. */
function isAnswering(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(address, { agent: new Agent() }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    }).once("error", () => resolve(false));
  });
}

/** Where a server that listens on `host` can be reached from this machine. */
export function localAddress(host: string, port: number): string {
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}
