import { setTimeout as delay } from "node:timers/promises";
import type { Load, Task } from "./load";
import { pauseMs, type Stand } from "./reads";
import { smallId } from "./seed";
import { type Spread, spread } from "./statistics";

export interface BurstMeasured {
  name: string;
  p50Ms: Spread;
  p99Ms: Spread;
  /** How many answers had each status, in all rounds. */
  statuses: Record<string, number>;
  failed: number;
}

export const burstNames = {
  burst256: "256 new connections at once",
  burst1000: "1,000 new connections at once",
  burst1000Addresses: "1,000 new connections at once, each from its own address",
  load1000: "1,000 connections for 3 s",
};

/** Requests of the small organization's first page on more connections than the server answers at a time. */
export async function measureBursts(
  stand: Stand,
  rounds: number,
  say: (line: string) => void,
): Promise<BurstMeasured[]> {
  const url = `${stand.serverUrl}/batch/jobs?organizationId=${smallId(7)}`;
  const headers = { Authorization: `Bearer ${stand.keys.small}` };
  const burst = (connections: number, addresses = 1): Task => {
    return { kind: "burst", url, headers, connections, addresses };
  };
  const options = { url, headers, connections: 1_000, duration: 3, sampleInt: 100 };
  const tasks: [string, Task][] = [
    [burstNames.burst256, burst(256)],
    [burstNames.burst1000, burst(1_000)],
    [burstNames.burst1000Addresses, burst(1_000, 1_000)],
    [burstNames.load1000, { kind: "load", options }],
  ];
  const measured: BurstMeasured[] = [];
  for (const [name, task] of tasks) {
    say(name);
    const all: Load[] = [];
    for (let round = 0; round < rounds; round++) {
      await delay(pauseMs);
      all.push(await stand.load<Load>(task));
    }
    const statuses: Record<string, number> = {};
    for (const [status, count] of all.flatMap((one) => Object.entries(one.statuses)))
      statuses[status] = (statuses[status] ?? 0) + count;
    measured.push({
      name,
      p50Ms: spread(all.map(({ p50Ms }) => p50Ms)),
      p99Ms: spread(all.map(({ p99Ms }) => p99Ms)),
      statuses,
      failed: all.reduce((sum, { failed }) => sum + failed, 0),
    });
  }
  return measured;
}
