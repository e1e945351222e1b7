import { type BurstMeasured, burstNames } from "./bursts";
import { type Campaigns, callNames } from "./calls";
import { type Measured, names, type Observed, type Walk } from "./reads";
import { noise } from "./statistics";
import type { Memory } from "./usage";
import type { WriteMeasured } from "./writes";

export interface Goal {
  what: string;
  measured: number;
  least?: number;
  most?: number;
  isReached: boolean;
}

/** Beyond this the middle half of an unchanged yardstick's rounds is too far apart to tell anything. */
export const noiseMax = 0.2;

export interface Results {
  lists: Map<string, Measured>;
  observed: Observed;
  walk: Walk;
  writes: WriteMeasured[];
  bursts: BurstMeasured[];
  /** Of the process that serves and the one beside it, before and after all reads. */
  memory: Record<"server" | "starter", { idle: Memory; after: Memory }>;
}

const goal = (what: string, measured: number, bound: { least?: number; most?: number }): Goal => ({
  what,
  measured,
  ...bound,
  isReached: measured >= (bound.least ?? -Infinity) && measured <= (bound.most ?? Infinity),
});

/** The goals, each a ratio within this run. */
export function goalsOf({ lists, observed, walk, writes, bursts, memory }: Results): Goal[] {
  const perSecond = (name: string) => lists.get(name)?.requestsPerSecond.median ?? Number.NaN;
  const p50 = (name: string) => lists.get(name)?.p50Ms.median ?? Number.NaN;
  const p99 = (name: string) => lists.get(name)?.p99Ms.median ?? Number.NaN;
  const cpu = (name: string) => lists.get(name)?.serverCpuMs.median ?? Number.NaN;
  const isNotModified = lists.get(names.notModified)?.statuses.includes("304");
  const burst = (name: string) => bursts.find((one) => one.name === name);
  const failed = bursts.reduce((sum, one) => sum + one.failed, 0);
  const worst = (isMeant: (name: string) => boolean) => {
    const [most] = writes.filter(({ name }) => isMeant(name)).sort((a, b) => b.ratio.median - a.ratio.median);
    return { name: most?.name ?? "", ratio: most?.ratio.median ?? Number.NaN };
  };
  const counted = worst((name) => !name.startsWith("progress"));
  const progress = worst((name) => name.startsWith("progress"));
  return [
    goal(
      "first page of the large ÷ of the small organization, requests a second",
      perSecond(names.first20) / perSecond(names.small),
      { least: 0.9 },
    ),
    goal(
      "middle page ÷ first page of the large organization, p50, size 100",
      p50(names.middle100) / p50(names.first100),
      {
        most: 1.3,
      },
    ),
    goal(
      "last page ÷ first page of the large organization, p50, size 100",
      p50(names.last100) / p50(names.first100),
      {
        most: 1.3,
      },
    ),
    goal("walk over all pages ÷ as many first pages, which are cached, time", walk.walkMs / walk.firstMs, {
      most: 1.3,
    }),
    goal(
      "walk over all pages ÷ as many first pages that are not cached, time",
      walk.walkMs / walk.notCachedMs,
      {
        most: 1.3,
      },
    ),
    goal(
      "small list ÷ node:http with the page's query alone, requests a second",
      perSecond(names.small) / perSecond(names.bare),
      { least: 1 },
    ),
    goal("small list, p99 ÷ p50", p99(names.small) / p50(names.small), { most: 4 }),
    goal(
      "304 of the small list ÷ 200 of a list that the server has not cached, server CPU",
      isNotModified ? cpu(names.notModified) / cpu(names.inTurn) : Number.NaN,
      { most: 0.6 },
    ),
    goal(
      "304 of the small list ÷ 200 of the same list, which the server has cached, server CPU",
      isNotModified ? cpu(names.notModified) / cpu(names.small) : Number.NaN,
      { most: 1 },
    ),
    goal(
      "small list, all requests logged and with metrics ÷ without, CPU of server and database",
      observed.ratio.median,
      { most: 1.03 },
    ),
    goal(`${burstNames.burst256}, p99 ms`, burst(burstNames.burst256)?.p99Ms.median ?? Number.NaN, {
      most: 500,
    }),
    goal("bursts, answers other than 200", failed, { most: 0 }),
    goal(`with stored counts ÷ without, time, worst: ${counted.name}`, counted.ratio, { most: 1.5 }),
    goal(`with stored counts ÷ without, time, worst: ${progress.name}`, progress.ratio, { most: 1.05 }),
    goal("server's memory after the reads, MB", memory.server.after.residentMb, { most: 250 }),
    goal("memory of what waits beside it, MB of its own", memory.starter.after.privateMb, { most: 15 }),
  ];
}

/** The goals of jobs with contacts, and of calls. */
export function campaignGoalsOf({ calls, list, create, cancelP50Ms, job }: Campaigns): Goal[] {
  const made = (name: string) => calls.find((one) => one.name === name)?.callsPerSecond.median ?? Number.NaN;
  return [
    goal(`${callNames.one}, calls a second`, made(callNames.one), { least: 100 }),
    goal(`${callNames.ten}, calls a second`, made(callNames.ten), { least: 300 }),
    goal(
      "list beside 100 calls a second ÷ alone, requests a second of CPU time",
      list.cpuMs.median / list.cpuBesideCallsMs.median,
      { least: 0.9 },
    ),
    goal("creating a job of 10,000 contacts, p50 ms", create.p50Ms, { most: 1_000 }),
    goal("the server's memory then, peak above before, MB", create.memoryGrowthMb, { most: 60 }),
    goal("cancelling a job of 10,000 contacts, p50 ms", cancelP50Ms, { most: 1_000 }),
    goal(
      "a job of 10,000 contacts, 50 of them ÷ list, requests a second",
      job.requestsPerSecond.median / job.list.median,
      { least: 0.7 },
    ),
  ];
}

/** How noisy the machine was: by the yardsticks, which nothing of ours changes. */
export function noiseOf(lists: Map<string, Measured>): number {
  const yardsticks = [names.empty, names.bare, names.fastify].flatMap((name) => lists.get(name) ?? []);
  return Math.max(...yardsticks.map(({ requestsPerSecond }) => noise(requestsPerSecond)));
}
