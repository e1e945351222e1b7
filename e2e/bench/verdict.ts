import { type Measured, names, type Walk } from "./reads";
import { noise } from "./statistics";
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
  walk: Walk;
  writes: WriteMeasured[];
  memoryMb: number;
}

const goal = (what: string, measured: number, bound: { least?: number; most?: number }): Goal => ({
  what,
  measured,
  ...bound,
  isReached: measured >= (bound.least ?? -Infinity) && measured <= (bound.most ?? Infinity),
});

/** The goals, each a ratio within this run. */
export function goalsOf({ lists, walk, writes, memoryMb }: Results): Goal[] {
  const perSecond = (name: string) => lists.get(name)?.requestsPerSecond.median ?? Number.NaN;
  const p50 = (name: string) => lists.get(name)?.p50Ms.median ?? Number.NaN;
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
    goal("walk over all pages ÷ as many first pages, time", walk.walkMs / walk.firstMs, { most: 1.3 }),
    goal(
      "small list ÷ empty Next handler, requests a second",
      perSecond(names.small) / perSecond(names.empty),
      {
        least: 0.7,
      },
    ),
    goal(`with stored counts ÷ without, time, worst: ${counted.name}`, counted.ratio, { most: 1.5 }),
    goal(`with stored counts ÷ without, time, worst: ${progress.name}`, progress.ratio, { most: 1.05 }),
    goal("server memory after the bench, MB", memoryMb, { most: 300 }),
  ];
}

/** How noisy the machine was: by the yardsticks, which nothing of ours changes. */
export function noiseOf(lists: Map<string, Measured>): number {
  const yardsticks = [names.empty, names.bare].flatMap((name) => lists.get(name) ?? []);
  return Math.max(...yardsticks.map(({ requestsPerSecond }) => noise(requestsPerSecond)));
}
