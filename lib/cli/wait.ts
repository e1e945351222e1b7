import { setTimeout as delay } from "node:timers/promises";

/** Waits until something answers 200 at an address. Waits for ever when nothing does. */
export async function untilAnswering(address: string): Promise<void> {
  for (;;) {
    const answer = await fetch(address).catch(() => undefined);
    if (answer?.ok) return;
    await delay(100, undefined, { ref: false });
  }
}

/** Where a server that listens on `host` can be reached from this machine. */
export function localAddress(host: string, port: number): string {
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}
