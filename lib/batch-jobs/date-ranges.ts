import { localTime, parseTime } from "../format/local-time";
import { inUtcSeconds } from "../format/time";
import { type Filters, rangeNames } from "./schema";

/** Ranges of days that move with the calendar, so that a saved view stays what its name says. */
export const datePresets = ["today", "last7Days", "thisMonth", "lastMonth"] as const;
export type DatePreset = (typeof datePresets)[number];

export type RangeName = (typeof rangeNames)[number];

/** The preset of each time that has one, in an address as `created=lastMonth`, instead of createdFrom and createdTo. */
export type DatePresets = Partial<Record<RangeName, DatePreset>>;

export type Bound = "From" | "To";
export const bounds: Bound[] = ["From", "To"];

/** What date fields of forms send. */
const localPattern = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?$/;

export function isLocalTime(text: string | undefined): text is string {
  return text !== undefined && localPattern.test(text);
}

const addDays = (date: string, days: number) =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);

/** The first day of a month. @param date a day of it. @param months to add. */
function monthOf(date: string, months = 0): string {
  const [year = 0, month = 1] = date.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}

/** The first day of each preset, and the first one after it. @param today as `2025-02-28`. */
const daysOf: Record<DatePreset, (today: string) => [from: string, to: string]> = {
  today: (today) => [today, addDays(today, 1)],
  last7Days: (today) => [addDays(today, -6), addDays(today, 1)],
  thisMonth: (today) => [monthOf(today), monthOf(today, 1)],
  lastMonth: (today) => [monthOf(today, -1), monthOf(today)],
};

/** @returns undefined for a date that does not exist. */
function startOfDay(date: string, timeZone: string): Date | undefined {
  const midnight = parseTime(`${date}T00:00`, timeZone);
  // Some clocks are set forward at midnight.
  const start = midnight === "skipped" ? parseTime(`${date}T01:00`, timeZone) : midnight;
  return start === "skipped" ? undefined : start;
}

/** Reads a bound in local time; of a day, `To` is its end. @returns undefined for a time that does not exist. */
function readLocal(text: string, bound: Bound, timeZone: string): Date | undefined {
  if (text.includes("T")) {
    const time = parseTime(text, timeZone);
    return time === "skipped" ? undefined : time;
  }
  const day = startOfDay(text, timeZone);
  return day && bound === "To" ? startOfDay(addDays(text, 1), timeZone) : day;
}

/** Writes a bound as date fields do, the opposite of readLocal: a day where it is one, else to the second. */
export function localBound(value: string, bound: Bound, timeZone: string): string {
  const instant = new Date(value);
  const { date, time } = localTime(instant, timeZone);
  const day = bound === "To" ? addDays(date, -1) : date;
  if (readLocal(day, bound, timeZone)?.getTime() === instant.getTime()) return day;
  return `${date}T${time}:${String(instant.getUTCSeconds()).padStart(2, "0")}`;
}

/**
 * Gives presets and times of forms as instants, in which the API and the database have them. Presets stay beside them,
 * for addresses.
 *
 * @param timeZone a valid one, in which days begin.
 * @returns also the values that are no times, and were left out.
 */
export function resolveDates<T extends Filters & DatePresets>(
  query: T,
  timeZone: string,
  now: Date,
): { query: T; invalid: string[] } {
  const resolved: Filters = {};
  const invalid: string[] = [];
  const today = localTime(now, timeZone).date;
  for (const name of rangeNames) {
    const preset = query[name];
    const days = preset && daysOf[preset](today);
    for (const [at, bound] of bounds.entries()) {
      const given = query[`${name}${bound}`];
      const local = days?.[at] ?? given;
      if (local === undefined || !isLocalTime(local)) continue;
      const instant = days ? startOfDay(local, timeZone) : readLocal(local, bound, timeZone);
      const isInRange = instant !== undefined && instant.getTime() >= 0;
      resolved[`${name}${bound}`] = isInRange ? inUtcSeconds(instant) : undefined;
      if (!isInRange) invalid.push(local);
    }
  }
  return { query: { ...query, ...resolved }, invalid };
}
