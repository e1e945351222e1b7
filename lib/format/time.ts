/** UTC in whole seconds, as the contract writes times: `2025-02-28T14:00:05Z`. */
export function inUtcSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

const units: [name: string, ms: number][] = [
  ["y", 365 * 86_400_000],
  ["mo", 30 * 86_400_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
];

/** `12 min`, `3 h 20 min` */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  const index = units.findIndex(([, size]) => ms >= size);
  const [name, size] = units[index === -1 ? units.length - 1 : index] as [string, number];
  const whole = Math.floor(ms / size);
  const next = units[index + 1];
  // A second unit below 10, so that an hour and a half is more than "1 h".
  if (!next || name === "min" || whole >= 10) return `${whole} ${name}`;
  const rest = Math.floor((ms - whole * size) / next[1]);
  return rest > 0 ? `${whole} ${name} ${rest} ${next[0]}` : `${whole} ${name}`;
}

/** Rounded up to minutes, so that a full day left is `1 d` and not `23 h`. */
export function formatTimeLeft(durationMs: number): string {
  return formatDuration(Math.ceil(durationMs / 60_000) * 60_000);
}

/**
 * `in 5 min`, `3 h 20 min ago`, the same on server and browser.
 *
 * @param atMs in ms since 1970, as nowMs.
 */
export function relativeTime(atMs: number, nowMs: number): string {
  const distanceMs = atMs - nowMs;
  if (Math.abs(distanceMs) < 1_000) return "now";
  return distanceMs > 0 ? `in ${formatDuration(distanceMs)}` : `${formatDuration(-distanceMs)} ago`;
}

/** From a week on, a date says more than a distance. A minute more, so that what lasts for a week is `in 7 d` at first. */
const relativeMaxMs = 7 * 86_400_000 + 60_000;

/** Whether a time is so near that its distance is shown, and not its date. */
export function isNear(atMs: number, nowMs: number): boolean {
  return Math.abs(atMs - nowMs) < relativeMaxMs;
}

/**
 * `3 h 20 min ago`, and from a week on the date: `14 Mar 2026`.
 *
 * @param exact the same time as exactTime writes it in the person's time zone, which the browser takes the date from.
 */
export function timeOrDate(atMs: number, exact: string, nowMs: number): string {
  return isNear(atMs, nowMs) ? relativeTime(atMs, nowMs) : (exact.split(", ")[1] ?? exact);
}

/** The same, but `in 5 min` when more than 4 are left, so that a full day left is `in 1 d`. */
export function timeLeftOrDate(atMs: number, exact: string, nowMs: number): string {
  const isSoon = atMs > nowMs && isNear(atMs, nowMs);
  return isSoon ? `in ${formatTimeLeft(atMs - nowMs)}` : timeOrDate(atMs, exact, nowMs);
}

/** `23 Nov 14:05`. @param exact a time as exactTime writes it. */
export function dayAndClock(exact: string): string {
  const [, date = "", clock = ""] = exact.split(", ");
  return `${date.replace(/ \d+$/, "")} ${clock.slice(0, 5)}`;
}

/** How long a call took, to the second below an hour: `12 s`, `1 min 30 s`, `1 h 2 min`. */
export function formatCallDuration(seconds: number): string {
  const isMinutes = seconds >= 60 && seconds < 3_600 && seconds % 60 > 0;
  return formatDuration(seconds * 1_000) + (isMinutes ? ` ${seconds % 60} s` : "");
}
