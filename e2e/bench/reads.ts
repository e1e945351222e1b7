import { setTimeout as delay } from "node:timers/promises";
import { batchJobStatuses } from "@/lib/batch-jobs/schema";
import type { Load, Request, Sequence, Task } from "./load";
import { bigId, smallId } from "./seed";
import { type Spread, spread } from "./statistics";
import { cpuMs, cpuOfAllMs } from "./usage";

/** Where requests go, and whose processes they cost. */
export interface Target {
  serverUrl: string;
  serverPid: number;
  databasePid: number;
  load: <R>(task: Task) => Promise<R>;
}

/** The same with what it is compared with. */
export interface Stand extends Target {
  keys: { big: string; small: string };
  /** Of all small organizations, in their order. */
  smallKeys: string[];
  yardsticks: Record<"empty" | "bare" | "fastify", Yardstick>;
  /** Two more of the product's servers, alike but for one: it logs all requests and collects metrics. */
  pair: { plain: Yardstick; observed: Yardstick };
  /** The product's server with another version of Node. */
  otherNode?: Yardstick;
}

export interface Yardstick {
  url: string;
  pid: number;
}

export interface Case {
  name: string;
  url: string;
  headers: Record<string, string>;
  /** In place of the URL's path and the headers. */
  requests?: Request[];
  /** The process that answers. */
  pid: number;
  /** Those that the verdict compares get longer and more rounds. */
  isKey: boolean;
}

export interface Measured {
  name: string;
  requestsPerSecond: Spread;
  p50Ms: Spread;
  p99Ms: Spread;
  /** CPU time of a request, in ms. */
  serverCpuMs: Spread;
  databaseCpuMs: Spread;
  /** Those of the answers that did not fail. */
  statuses: string[];
  failed: number;
}

export const names = {
  small: "small organization, all, first page of 20",
  notModified: "small organization, all, first page of 20, If-None-Match",
  inTurn: "a thousand small organizations in turn, all, first page of 20",
  first20: "large organization, all, first page of 20",
  first100: "large organization, all, first page of 100",
  middle100: "large organization, all, middle page of 100",
  last100: "large organization, all, last page of 100",
  otherNode: "small organization, all, first page of 20, with the other Node",
  empty: "yardstick: empty Next handler",
  bare: "yardstick: node:http and pg, the page's query alone",
  fastify: "yardstick: Fastify and pg, key, total and page",
};

/** The lists: small and big organization, each status and some, first, middle and last page, both sizes. */
export async function listCases(
  stand: Stand,
  totalOf: (url: string, key: string) => Promise<number>,
): Promise<Case[]> {
  const cases: Case[] = [];
  const filters = [[], ...batchJobStatuses.map((status) => [status]), ["running", "failed"]];
  for (const [size, id, key] of [
    ["small", smallId(7), stand.keys.small],
    ["large", bigId, stand.keys.big],
  ] as const) {
    for (const statuses of filters) {
      const filter = statuses.length > 0 ? `&status=${statuses}` : "";
      const list = `${stand.serverUrl}/batch/jobs?organizationId=${id}${filter}`;
      const total = await totalOf(list, key);
      for (const pageSize of [20, 100]) {
        const last = Math.max(1, Math.ceil(total / pageSize));
        const pages = { first: 1, middle: Math.ceil(last / 2), last };
        for (const [place, page] of Object.entries(pages)) {
          if (place !== "first" && page === 1) continue;
          const name = `${size} organization, ${statuses.join(" + ") || "all"}, ${place} page of ${pageSize}`;
          cases.push({
            name,
            url: `${list}&page=${page}&pageSize=${pageSize}`,
            headers: { Authorization: `Bearer ${key}` },
            pid: stand.serverPid,
            isKey: Object.values(names).includes(name),
          });
        }
      }
    }
  }
  const small = cases.find(({ name }) => name === names.small);
  if (small) cases.push({ ...small, name: names.notModified, headers: await asKnown(small) });
  if (small) cases.push({ ...small, name: names.inTurn, requests: inTurn(stand.smallKeys) });
  if (small && stand.otherNode) cases.push({ ...small, ...stand.otherNode, name: names.otherNode });
  const headers = { Authorization: `Bearer ${stand.keys.small}` };
  for (const [name, yardstick] of Object.entries(stand.yardsticks)) {
    cases.push({ name: names[name as keyof typeof stand.yardsticks], ...yardstick, headers, isKey: true });
  }
  return cases;
}

/** Requests whose answers take more memory than the server has for answers, so that it has none of them. */
function inTurn(keys: string[]): Request[] {
  return keys.map((key, number) => ({
    path: `/batch/jobs?organizationId=${smallId(number)}`,
    headers: { Authorization: `Bearer ${key}` },
  }));
}

/** The headers of a client that has the answer already. */
async function asKnown({ url, headers }: Case): Promise<Record<string, string>> {
  const response = await fetch(url, { headers });
  await response.arrayBuffer();
  return { ...headers, "If-None-Match": response.headers.get("ETag") ?? '"none"' };
}

const connections = 16;

/** Requests that were cut at the end of a measurement count on for 250 ms. */
export const pauseMs = 300;

/** Runs the cases in turn, round after round, so that what disturbs one disturbs all. */
export async function measureLists(
  stand: Stand,
  cases: Case[],
  rounds: { all: number; key: number; allSeconds: number; keySeconds: number; warmUpRequests: number },
  say: (line: string) => void,
): Promise<Map<string, Measured>> {
  const taken = new Map<string, (Load & { serverCpuMs: number; databaseCpuMs: number })[]>();
  const run = async (
    { name, url, headers, requests, pid }: Case,
    length: { duration: number } | { amount: number },
    isKept: boolean,
  ) => {
    await delay(pauseMs);
    const before = [cpuMs(pid), cpuOfAllMs(stand.databasePid)] as const;
    const load = await stand.load<Load>({
      kind: "load",
      options: { url, headers, connections, ...length, sampleInt: 100 },
      requests,
    });
    const serverCpuMs = (cpuMs(pid) - before[0]) / load.requests;
    const databaseCpuMs = (cpuOfAllMs(stand.databasePid) - before[1]) / load.requests;
    if (!isKept) return;
    const all = taken.get(name) ?? [];
    all.push({ ...load, serverCpuMs, databaseCpuMs });
    taken.set(name, all);
  };
  const key = cases.filter(({ isKey }) => isKey);
  const others = cases.filter(({ isKey }) => !isKey);
  // By number, so that V8 has compiled each program as far as the others.
  for (const one of key) await run(one, { amount: rounds.warmUpRequests }, false);
  for (let round = 1; round <= rounds.key; round++) {
    say(`lists, round ${round} of ${rounds.key}`);
    for (const one of key) await run(one, { duration: rounds.keySeconds }, true);
    if (round > rounds.all) continue;
    for (const one of others) await run(one, { duration: rounds.allSeconds }, true);
  }
  return new Map(
    cases.map(({ name }) => {
      const all = taken.get(name) ?? [];
      const of = (value: (one: (typeof all)[number]) => number) => spread(all.map(value));
      return [
        name,
        {
          name,
          requestsPerSecond: of(({ requests, durationMs }) => (requests / durationMs) * 1_000),
          p50Ms: of(({ p50Ms }) => p50Ms),
          p99Ms: of(({ p99Ms }) => p99Ms),
          serverCpuMs: of((one) => one.serverCpuMs),
          databaseCpuMs: of((one) => one.databaseCpuMs),
          statuses: ["200", "304"].filter((status) => all.some(({ statuses }) => statuses[status])),
          failed: all.reduce((sum, { failed }) => sum + failed, 0),
        },
      ];
    }),
  );
}

export interface Observed {
  /** CPU time of server and database for a request, in ms. */
  plainCpuMs: Spread;
  observedCpuMs: Spread;
  /** Of each two measurements, one right after the other. */
  ratio: Spread;
}

/** What it costs to log all requests and to collect metrics, by servers that have answered as many requests. */
export async function measureObserved(
  { pair, databasePid, keys, load }: Stand,
  effort: { pairs: number; requests: number; warmUpRequests: number },
  say: (line: string) => void,
): Promise<Observed> {
  const headers = { Authorization: `Bearer ${keys.small}` };
  const measure = async ({ url, pid }: Yardstick, amount: number) => {
    await delay(pauseMs);
    const allMs = () => cpuMs(pid) + cpuOfAllMs(databasePid);
    const beforeMs = allMs();
    const { requests } = await load<Load>({ kind: "load", options: { url, headers, connections, amount } });
    return (allMs() - beforeMs) / requests;
  };
  say("all requests logged, with metrics");
  for (const one of [pair.plain, pair.observed]) await measure(one, effort.warmUpRequests);
  const taken: { plainMs: number; observedMs: number }[] = [];
  for (let round = 0; round < effort.pairs; round++) {
    // In turn the first of the two, as what follows a pause may cost more or less.
    const plainFirstMs = round % 2 === 0 ? await measure(pair.plain, effort.requests) : undefined;
    const observedMs = await measure(pair.observed, effort.requests);
    taken.push({ plainMs: plainFirstMs ?? (await measure(pair.plain, effort.requests)), observedMs });
  }
  return {
    plainCpuMs: spread(taken.map(({ plainMs }) => plainMs)),
    observedCpuMs: spread(taken.map(({ observedMs }) => observedMs)),
    ratio: spread(taken.map(({ plainMs, observedMs }) => observedMs / plainMs)),
  };
}

export interface Walk {
  pages: number;
  ids: number;
  walkMs: number;
  /** What as many requests of the first page alone would take, which the server has cached. */
  firstMs: number;
  /** What as many first pages of small organizations would take, which, like the walk's, it has not cached. */
  notCachedMs: number;
}

/** Walks over all pages of 100, one after the other, beside first pages alone. */
export async function walk(stand: Stand, jobs: number, say: (line: string) => void): Promise<Walk> {
  const pages = Math.ceil(jobs / 100);
  const request = (organizationId: string, key = "", page = 1) => ({
    url: `${stand.serverUrl}/batch/jobs?organizationId=${organizationId}&pageSize=100&page=${page}`,
    headers: { Authorization: `Bearer ${key}` },
  });
  const run = (requests: ReturnType<typeof request>[]) =>
    stand.load<Sequence>({ kind: "sequence", requests });
  const parts = Math.min(50, Math.ceil(pages / 20));
  const firstPages = 100;
  let [walkMs, firstMs, notCachedMs, ids] = [0, 0, 0, 0];
  for (let part = 0; part < parts; part++) {
    if (part % 10 === 0) say(`walk, part ${part + 1} of ${parts}`);
    const [from, to] = [Math.floor((pages * part) / parts), Math.floor((pages * (part + 1)) / parts)];
    const numbers = Array.from({ length: firstPages }, (_, at) => at);
    const walked = await run(
      Array.from({ length: to - from }, (_, at) => request(bigId, stand.keys.big, from + at + 1)),
    );
    const firsts = await run(numbers.map(() => request(bigId, stand.keys.big)));
    const notCached = await run(
      numbers.map((at) => {
        const number = (part * firstPages + at) % stand.smallKeys.length;
        return request(smallId(number), stand.smallKeys[number]);
      }),
    );
    walkMs += walked.totalMs;
    ids += walked.ids;
    firstMs += (firsts.totalMs / firstPages) * (to - from);
    notCachedMs += (notCached.totalMs / firstPages) * (to - from);
  }
  return { pages, ids, walkMs, firstMs, notCachedMs };
}

export interface PageMeasured {
  name: string;
  firstByteMs: number;
  kB: number;
}

/** The jobs page as a signed-in person gets it: first byte and size of its HTML, uncompressed. */
export async function measurePages(stand: Stand, cookie: string): Promise<PageMeasured[]> {
  const pages = {
    "jobs page, small organization": `/jobs?organizationId=${smallId(7)}`,
    "jobs page, large organization, first": `/jobs?organizationId=${bigId}`,
    "jobs page, large organization, middle": `/jobs?organizationId=${bigId}&page=25000`,
    "jobs page, large organization, running": `/jobs?organizationId=${bigId}&status=running`,
    "refresh of an open page, large organization": `/live/jobs?organizationId=${bigId}&since=2027-01-01T00:00:00.000Z`,
  };
  const taken = new Map<string, Sequence[]>();
  for (let round = 0; round < 6; round++) {
    for (const [name, path] of Object.entries(pages)) {
      const request = { url: stand.serverUrl + path, headers: { Cookie: cookie } };
      const requests = Array.from({ length: 10 }, () => request);
      const sequence = await stand.load<Sequence>({ kind: "sequence", requests });
      if (round > 0) taken.set(name, [...(taken.get(name) ?? []), sequence]);
    }
  }
  return [...taken].map(([name, all]) => ({
    name,
    firstByteMs: spread(all.map(({ firstByteMs }) => firstByteMs)).median,
    kB: (all[0]?.bytes ?? 0) / 1_000,
  }));
}
