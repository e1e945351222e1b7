import type { BurstMeasured } from "./bursts";
import type { Measured, PageMeasured } from "./reads";
import type { Memory } from "./usage";
import { type Goal, noiseMax, type Results } from "./verdict";

const number = (value: number, digits: number) =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

function table(head: string[], rows: string[][]): string {
  const widths = head.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: string[]) =>
    `| ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(" | ")} |`;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)].join(
    "\n",
  );
}

function listRow(one: Measured): string[] {
  const [low, high] = one.requestsPerSecond.quartiles;
  return [
    one.name,
    `${number(one.requestsPerSecond.median, 0)} (${number(low, 0)} to ${number(high, 0)})`,
    number(one.p50Ms.median, 1),
    number(one.p99Ms.median, 1),
    number(one.serverCpuMs.median, 2),
    one.name.includes("Next") ? "–" : number(one.databaseCpuMs.median, 2),
    one.statuses.join(" "),
    String(one.failed),
  ];
}

function burstRow({ name, p50Ms, p99Ms, statuses, failed }: BurstMeasured): string[] {
  const counted = Object.entries(statuses).map(([status, count]) => `${status}: ${number(count, 0)}`);
  return [name, number(p50Ms.median, 0), number(p99Ms.median, 0), counted.join(", "), String(failed)];
}

function memoryRow([name, { idle, after }]: [string, { idle: Memory; after: Memory }]): string[] {
  return [name, ...[idle, after].flatMap((one) => [number(one.residentMb, 0), number(one.privateMb, 0)])];
}

function goalRow({ what, measured, least, most, isReached }: Goal): string[] {
  const bound = least === undefined ? `at most ${most}` : `at least ${least}`;
  return [
    what,
    Number.isNaN(measured) ? "not measured" : number(measured, 2),
    bound,
    isReached ? "yes" : "NO",
  ];
}

/** All of a run in Markdown: what was reached, and every figure. */
export function report(
  results: Results & {
    goals: Goal[];
    noise: number;
    pages: PageMeasured[];
    deadlock: { transactions: number; deadlocks: number; otherErrors: number };
    about: string;
  },
): string {
  const { walk } = results;
  return [
    results.about,
    table(["goal (ratios within this run)", "measured", "bound", "reached"], results.goals.map(goalRow)),
    results.noise > noiseMax
      ? `TOO NOISY TO TELL: the yardsticks' rounds are ${number(results.noise * 100, 0)} % apart. Run it again on a quieter machine.`
      : `Noise: the yardsticks' rounds are ${number(results.noise * 100, 0)} % apart in the middle half.`,
    table(
      [
        "list, 16 connections",
        "requests/s (quartiles)",
        "p50 ms",
        "p99 ms",
        "server CPU ms",
        "database CPU ms",
        "status",
        "failed",
      ],
      [...results.lists.values()].map(listRow),
    ),
    `Walk: ${number(walk.pages, 0)} pages one after the other in ${number(walk.walkMs / 1_000, 1)} s, ${number(walk.ids, 0)} unlike jobs; as many first pages: ${number(walk.firstMs / 1_000, 1)} s.`,
    table(
      ["page, one after the other", "first byte ms", "kB"],
      results.pages.map(({ name, firstByteMs, kB }) => [name, number(firstByteMs, 1), number(kB, 1)]),
    ),
    table(
      ["write, one statement a transaction", "with counts ms", "without ms", "ratio (quartiles)"],
      results.writes.map(({ name, withMs, withoutMs, ratio }) => [
        name,
        number(withMs, 3),
        number(withoutMs, 3),
        `${number(ratio.median, 2)} (${ratio.quartiles.map((one) => number(one, 2)).join(" to ")})`,
      ]),
    ),
    `Eight writers in one organization: ${number(results.deadlock.transactions, 0)} transactions, ${results.deadlock.deadlocks} deadlocks, ${results.deadlock.otherErrors} other errors.`,
    table(["burst", "p50 ms", "p99 ms", "answers", "failed"], results.bursts.map(burstRow)),
    table(
      ["memory in MB", "idle, resident", "idle, private", "after, resident", "after, private"],
      Object.entries(results.memory).map(memoryRow),
    ),
  ].join("\n\n");
}
