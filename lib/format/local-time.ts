/** A date and time of a clock on the wall: `2025-03-01T10:00`, with or without seconds; fractions of them are cut off. */
const pattern =
  /^([1-9]\d{3})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/;

const dayMs = 86_400_000;

/**
 * Reads an ISO 8601 time, to the second.
 *
 * @param timeZone a valid one, for a time without an offset. Of a time that comes twice, when clocks are set back, the
 *   first is meant.
 * @returns undefined if the text is no such time; `"skipped"` for a time that clocks skip when they are set forward.
 */
export function parseTime(text: string, timeZone: string): Date | "skipped" | undefined {
  const [, year = "", month = "", day = "", hour = "", minute = "", second = "00", offset] =
    pattern.exec(text) ?? [];
  const wall = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const wallMs = Date.parse(`${wall}Z`);
  // Date.parse takes 30 February for 2 March, and 24:00.
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString().slice(0, 19) !== wall) return undefined;
  if (offset !== undefined) return new Date(Date.parse(`${wall}${offset}`));
  // The offsets before and after a change of clocks around this time.
  const candidates = [wallMs - dayMs, wallMs + dayMs].map((ms) => wallMs - offsetMs(ms, timeZone));
  const first = candidates.sort((a, b) => a - b).find((ms) => ms + offsetMs(ms, timeZone) === wallMs);
  return first === undefined ? "skipped" : new Date(first);
}

/** What a clock shows at a time: `2025-03-01` and `10:00`. @param timeZone a valid one. */
export function localTime(time: Date, timeZone: string): { date: string; time: string } {
  const wall = new Date(time.getTime() + offsetMs(time.getTime(), timeZone)).toISOString();
  return { date: wall.slice(0, 10), time: wall.slice(11, 16) };
}

/** How far clocks are ahead of UTC at a time. */
function offsetMs(ms: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    hourCycle: "h23",
  });
  const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1_000) * 1_000;
}
