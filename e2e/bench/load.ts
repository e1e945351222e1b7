import { Agent, get } from "node:http";
import autocannon from "autocannon";
import { type Dialed, type DialTask, dial } from "./dial";

/** The result of many requests at once. Times in ms. */
export interface Load {
  requests: number;
  durationMs: number;
  p50Ms: number;
  p99Ms: number;
  /** How many answers had each status. */
  statuses: Record<string, number>;
  /** Answers other than 200 and 304, and requests without one. */
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

/** What a connection asks for in its turn. */
export interface Request {
  path: string;
  headers: Record<string, string>;
}

export type Task =
  | { kind: "load"; options: autocannon.Options; requests?: Request[] }
  | { kind: "burst"; url: string; headers: Record<string, string>; connections: number; addresses: number }
  | { kind: "sequence"; requests: { url: string; headers: Record<string, string> }[] }
  | ({ kind: "dial" } & DialTask);

const at = (sorted: Float64Array, share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
const sorted = (times: number[]) => Float64Array.from(times).sort();

function summary(
  times: number[],
  statuses: Record<string, number>,
  durationMs: number,
  unanswered: number,
): Load {
  const all = sorted(times);
  const { 200: ok = 0, 304: notModified = 0 } = statuses;
  return {
    requests: times.length,
    durationMs,
    p50Ms: at(all, 0.5),
    p99Ms: at(all, 0.99),
    statuses,
    failed: times.length - ok - notModified + unanswered,
  };
}

/**
 * Percentiles are taken from each answer's own time: autocannon's are whole ms.
 *
 * @param requests each connection repeats its own part of them.
 */
async function load({ options, requests = [] }: Task & { kind: "load" }): Promise<Load> {
  const share = Math.ceil(requests.length / (options.connections ?? 1));
  let given = 0;
  const setupClient = (client: autocannon.Client) => {
    if (requests.length > 0) client.setRequests(requests.slice(given, given + share));
    given += share;
  };
  const times: number[] = [];
  const statuses: Record<string, number> = {};
  const startMs = performance.now();
  let lastMs = startMs;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon({ ...options, setupClient }, (error, done) =>
      error ? reject(error) : resolve(done),
    );
    instance.on("response", (_client, status, _bytes, ms) => {
      times.push(ms);
      statuses[status] = (statuses[status] ?? 0) + 1;
      lastMs = performance.now();
    });
  });
  return summary(times, statuses, lastMs - startMs, result.errors + result.timeouts);
}

/** Opens so many connections at once, from so many addresses of this machine, with one request on each. */
async function burst({ url, headers, connections, addresses }: Task & { kind: "burst" }): Promise<Load> {
  const times: number[] = [];
  const statuses: Record<string, number> = {};
  let unanswered = 0;
  const startMs = performance.now();
  const one = (number: number) =>
    new Promise<void>((resolve) => {
      const address = number % addresses;
      const localAddress = `127.0.${1 + Math.floor(address / 250)}.${1 + (address % 250)}`;
      const asked = get(url, { agent: new Agent(), headers, localAddress }, (response) => {
        response.resume();
        response.on("end", () => {
          times.push(performance.now() - startMs);
          const { statusCode = 0 } = response;
          statuses[statusCode] = (statuses[statusCode] ?? 0) + 1;
          resolve();
        });
      });
      asked.on("error", () => {
        unanswered++;
        resolve();
      });
    });
  await Promise.all(Array.from({ length: connections }, (_, number) => one(number)));
  return summary(times, statuses, performance.now() - startMs, unanswered);
}

async function sequence({ requests }: Task & { kind: "sequence" }): Promise<Sequence> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const firstBytes: number[] = [];
  const ids = new Set<string>();
  let totalMs = 0;
  let bytes = 0;
  for (const { url, headers } of requests) {
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

function run(task: Task): Promise<Load | Sequence | Dialed> {
  if (task.kind === "load") return load(task);
  if (task.kind === "dial") return dial(task);
  return task.kind === "burst" ? burst(task) : sequence(task);
}

/** The load generator, in a process of its own: takes a Task as a message and answers it with one. */
process.on("message", async (task: Task) => {
  process.send?.(await run(task));
});
