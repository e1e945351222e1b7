const units: [name: string, ms: number][] = [
  ["y", 365 * 86_400_000],
  ["mo", 30 * 86_400_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
];

/** `12 min`, `3 h 20 min`: the two largest units, seconds only alone. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  const at = units.findIndex(([, size]) => ms >= size);
  const [name, size] = units[at === -1 ? units.length - 1 : at] as [string, number];
  const whole = Math.floor(ms / size);
  const next = units[at + 1];
  // A second unit where the first is small, so that "1 h" is not said of an hour and a half.
  if (!next || name === "min" || whole >= 10) return `${whole} ${name}`;
  const rest = Math.floor((ms - whole * size) / next[1]);
  return rest > 0 ? `${whole} ${name} ${rest} ${next[0]}` : `${whole} ${name}`;
}

/** The time that is left, in whole minutes and rounded up: of a day that has just begun, `1 d` and not `23 h`. */
export function formatTimeLeft(durationMs: number): string {
  return formatDuration(Math.ceil(durationMs / 60_000) * 60_000);
}

/**
 * `in 5 min`, `3 h 20 min ago`. Plain arithmetic, so that server and browser write the same.
 *
 * @param atMs and nowMs in ms since 1970.
 */
export function relativeTime(atMs: number, nowMs: number): string {
  const distanceMs = atMs - nowMs;
  if (Math.abs(distanceMs) < 1_000) return "now";
  return distanceMs > 0 ? `in ${formatDuration(distanceMs)}` : `${formatDuration(-distanceMs)} ago`;
}
