import { Agent, get } from "node:http";
import autocannon from "autocannon";

/** The result of many requests at once. Times in ms. */
export interface Load {
  requests: number;
  durationMs: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers that were not 200, and requests without one. */
  failed: number;
}

/** The result of requests one after the other. Times in ms, bytes of the last body. */
export interface Sequence {
  totalMs: number;
  /** To the first byte of an answer, in the median. */
  firstByteMs: number;
  bytes: number;
  /** How many unlike ids of jobs were in the answers. */
  ids: number;
}

export type Task =
  | { kind: "load"; options: autocannon.Options }
  | { kind: "sequence"; urls: string[]; headers: Record<string, string> };

const at = (sorted: Float64Array, share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
const sorted = (times: number[]) => Float64Array.from(times).sort();

/** Percentiles are taken from each answer's own time: autocannon's are whole ms. */
async function load(options: autocannon.Options): Promise<Load> {
  const times: number[] = [];
  let failed = 0;
  const startMs = performance.now();
  let lastMs = startMs;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(options, (error, done) => (error ? reject(error) : resolve(done)));
    instance.on("response", (_client, status, _bytes, ms) => {
      times.push(ms);
      if (status !== 200) failed++;
      lastMs = performance.now();
    });
  });
  const all = sorted(times);
  return {
    requests: times.length,
    durationMs: lastMs - startMs,
    p50Ms: at(all, 0.5),
    p99Ms: at(all, 0.99),
    failed: failed + result.errors + result.timeouts,
  };
}

async function sequence(urls: string[], headers: Record<string, string>): Promise<Sequence> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const firstBytes: number[] = [];
  const ids = new Set<string>();
  let totalMs = 0;
  let bytes = 0;
  for (const url of urls) {
    const startMs = performance.now();
    const body = await new Promise<string>((resolve, reject) => {
      get(url, { agent, headers }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${response.statusCode} from ${url}`));
        firstBytes.push(performance.now() - startMs);
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (piece) => (text += piece));
        response.on("end", () => resolve(text));
      }).on("error", reject);
    });
    totalMs += performance.now() - startMs;
    bytes = Buffer.byteLength(body);
    for (const [, id = ""] of body.matchAll(/\{"id":"([^"]+)"/g)) ids.add(id);
  }
  agent.destroy();
  return { totalMs, firstByteMs: at(sorted(firstBytes), 0.5), bytes, ids: ids.size };
}

/** The load generator, in a process of its own: takes a Task as a message and answers it with one. */
process.on("message", async (task: Task) => {
  process.send?.(task.kind === "load" ? await load(task.options) : await sequence(task.urls, task.headers));
});
