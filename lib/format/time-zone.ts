/** The device's time zone, set by app/browser-time-zone.tsx. */
export const timeZoneCookie = "batch-jobs.time-zone";

/** JavaScript lists some time zones by CLDR's old name, here with the IANA name (zone.tab of 2025c). Both are valid. */
const currentNames = new Map([
  ["Africa/Asmera", "Africa/Asmara"],
  ["America/Buenos_Aires", "America/Argentina/Buenos_Aires"],
  ["America/Catamarca", "America/Argentina/Catamarca"],
  ["America/Coral_Harbour", "America/Atikokan"],
  ["America/Cordoba", "America/Argentina/Cordoba"],
  ["America/Godthab", "America/Nuuk"],
  ["America/Indianapolis", "America/Indiana/Indianapolis"],
  ["America/Jujuy", "America/Argentina/Jujuy"],
  ["America/Louisville", "America/Kentucky/Louisville"],
  ["America/Mendoza", "America/Argentina/Mendoza"],
  ["Asia/Calcutta", "Asia/Kolkata"],
  ["Asia/Katmandu", "Asia/Kathmandu"],
  ["Asia/Rangoon", "Asia/Yangon"],
  ["Asia/Saigon", "Asia/Ho_Chi_Minh"],
  ["Atlantic/Faeroe", "Atlantic/Faroe"],
  ["Europe/Kiev", "Europe/Kyiv"],
  ["Pacific/Enderbury", "Pacific/Kanton"],
  ["Pacific/Ponape", "Pacific/Pohnpei"],
  ["Pacific/Truk", "Pacific/Chuuk"],
]);

/** The current name of a time zone. @param name a valid one. */
export function currentTimeZone(name: string): string {
  return currentNames.get(name) ?? name;
}

/** Sorted by name, after UTC. */
export function allTimeZones(): string[] {
  const names = new Set(Intl.supportedValuesOf("timeZone").map(currentTimeZone));
  names.delete("UTC");
  return ["UTC", ...[...names].sort()];
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(timeZone: string): Intl.DateTimeFormat {
  let found = formats.get(timeZone);
  if (!found) {
    found = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      weekday: "short",
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
      timeZoneName: "short",
    });
    // Names come from cookies, in any case: there are more spellings than time zones.
    if (formats.size > 600) formats.clear();
    formats.set(timeZone, found);
  }
  return found;
}

export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return false;
  try {
    format(name);
    return true;
  } catch {
    return false;
  }
}

/** `Mon, 23 Nov 2026, 14:05:22 UTC` @param timeZone a valid one. */
export function exactTime(time: Date, timeZone: string): string {
  return format(timeZone).format(time);
}

/** `14:05` of the same day, `23 Nov, 14:05` of another. @param timeZone a valid one. */
export function shortTime(time: Date, timeZone: string, nowMs: number): string {
  const [day, now] = [time, new Date(nowMs)].map((one) => {
    const parts = format(timeZone).formatToParts(one);
    return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  });
  const clock = `${day?.hour}:${day?.minute}`;
  const isSameDay = (["day", "month", "year"] as const).every((part) => day?.[part] === now?.[part]);
  return isSameDay ? clock : `${day?.day} ${day?.month}, ${clock}`;
}

/** The first valid time zone: the one a person chose, their browser's, or UTC. */
export function resolveTimeZone(...names: (string | null | undefined)[]): string {
  return currentTimeZone(names.find((name) => name && isTimeZone(name)) ?? "UTC");
}
