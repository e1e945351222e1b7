import type { BurstMeasured } from "./bursts";

import type { CallsMeasured, Campaigns } from "./calls";
import type { ParametersMeasured } from "./parameters";

import type { Measured, PageMeasured } from "./reads";
import type { Spread } from "./statistics";
import type { Memory } from "./usage";
import { type Goal, noiseMax, type Results } from "./verdict";

const number = (value: number, digits: number) =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

export function table(head: string[], rows: string[][]): string {
  const widths = head.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: string[]) =>
    `| ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(" | ")} |`;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)].join(
    "\n",
  );
}

function cpuOf({ median, quartiles }: Spread): string {
  return `${number(median, 3)} (${quartiles.map((one) => number(one, 3)).join(" to ")})`;
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

export function reportParameters(measured: ParametersMeasured[]): string {
  const rows = measured.map(({ query, total, indexes, cpuMs }) => [
    `\`${query}\``,
    total,
    indexes.join(", "),
    number(cpuMs, 1),
  ]);
  return table(["query", "total", "indexes", "database CPU ms"], rows);
}

function callsRow(one: CallsMeasured): string[] {
  const medians = [one.claimP50Ms, one.dialingP50Ms, one.resultP50Ms].map(({ median }) => number(median, 1));
  const cpu = [one.serverCpuMs, one.databaseCpuMs].map(({ median }) => number(median, 2));
  return [one.name, number(one.callsPerSecond.median, 0), ...medians, ...cpu, String(one.failed)];
}

function campaignTables({ calls, list, create, cancelP50Ms, job }: Campaigns): string[] {
  const perSecond = ({ median, quartiles: [low, high] }: typeof job.list) =>
    `${number(median, 0)} (${number(low, 0)} to ${number(high, 0)})`;
  return [
    table(
      [
        "calls, claimed by fives",
        "calls/s",
        "claim p50 ms",
        "dialing p50 ms",
        "result p50 ms",
        "server CPU ms",
        "database CPU ms",
        "failed",
      ],
      calls.map(callsRow),
    ),
    table(
      [
        "list of that organization, 16 connections",
        "requests/s (quartiles)",
        "CPU ms, without that of calls",
      ],
      [
        ["alone", perSecond(list.requestsPerSecond), number(list.cpuMs.median, 2)],
        ["beside 100 calls a second", perSecond(list.besideCalls), number(list.cpuBesideCallsMs.median, 2)],
      ],
    ),
    `Jobs of 10,000 contacts: created in ${number(create.p50Ms, 0)} ms, for which the server's memory grew by ${number(create.memoryGrowthMb, 0)} MB; cancelled in ${number(cancelP50Ms, 0)} ms; read with 50 contacts ${perSecond(job.requestsPerSecond)} times a second, the list ${perSecond(job.list)} times.`,
  ];
}

function goalTables(goals: Goal[], noise: number | undefined): string[] {
  const tables = [
    table(["goal (ratios within this run)", "measured", "bound", "reached"], goals.map(goalRow)),
  ];
  if (noise === undefined) return tables;
  const apart = `the yardsticks' rounds are ${number(noise * 100, 0)} % apart`;
  const isNoisy = noise > noiseMax;
  return [
    ...tables,
    isNoisy
      ? `TOO NOISY TO TELL: ${apart}. Run it again on a quieter machine.`
      : `Noise: ${apart} in the middle half.`,
  ];
}

/** What only a whole run measures. */
export interface Whole extends Results {
  pages: PageMeasured[];
  deadlock: { transactions: number; deadlocks: number; otherErrors: number };
}

/** All of a run in Markdown: what was reached, and every figure. */
export function report(run: {
  about: string;
  goals: Goal[];
  noise?: number;
  whole?: Whole;
  campaigns: Campaigns;
}): string {
  return [
    run.about,
    ...goalTables(run.goals, run.noise),
    ...(run.whole ? wholeTables(run.whole) : []),
    ...campaignTables(run.campaigns),
  ].join("\n\n");
}

function wholeTables({ lists, observed, walk, pages, writes, deadlock, bursts, memory }: Whole): string[] {
  return [
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
      [...lists.values()].map(listRow),
    ),
    `Walk: ${number(walk.pages, 0)} pages one after the other in ${number(walk.walkMs / 1_000, 1)} s, ${number(walk.ids, 0)} unlike jobs; as many first pages: ${number(walk.firstMs / 1_000, 1)} s, and that many which are not cached: ${number(walk.notCachedMs / 1_000, 1)} s.`,
    `The small list with all requests logged and with metrics: ${cpuOf(observed.observedCpuMs)} ms of CPU of server and database, without: ${cpuOf(observed.plainCpuMs)} ms; ratio of pairs: ${cpuOf(observed.ratio)}.`,
    table(
      ["page, one after the other", "first byte ms", "kB"],
      pages.map(({ name, firstByteMs, kB }) => [name, number(firstByteMs, 1), number(kB, 1)]),
    ),
    table(
      ["write, one statement a transaction", "with counts ms", "without ms", "ratio (quartiles)"],
      writes.map(({ name, withMs, withoutMs, ratio }) => [
        name,
        number(withMs, 3),
        number(withoutMs, 3),
        `${number(ratio.median, 2)} (${ratio.quartiles.map((one) => number(one, 2)).join(" to ")})`,
      ]),
    ),
    `Eight writers in one organization: ${number(deadlock.transactions, 0)} transactions, ${deadlock.deadlocks} deadlocks, ${deadlock.otherErrors} other errors.`,
    table(["burst", "p50 ms", "p99 ms", "answers", "failed"], bursts.map(burstRow)),
    table(
      ["memory in MB", "idle, resident", "idle, private", "after, resident", "after, private"],
      Object.entries(memory).map(memoryRow),
    ),
  ];
}
