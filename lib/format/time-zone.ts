/** Set by the browser (app/browser-time-zone.tsx): the zone of the device. */
export const timeZoneCookie = "batch-jobs.time-zone";

/**
 * Zones that JavaScript lists under the name they had when Unicode's CLDR first had them, which it never changes, with
 * their name in the IANA list of today (zone.tab of 2025c). Both are understood.
 */
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

/** What a zone is called today. @param name a valid one, which may be old. */
export function currentTimeZone(name: string): string {
  return currentNames.get(name) ?? name;
}

/** The zones that can be chosen by name, each once, under the name of today. */
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
    // Zones come from cookies; beyond all there are, forget.
    if (formats.size > 600) formats.clear();
    formats.set(timeZone, found);
  }
  return found;
}

/** Whether this is the name of a time zone of the IANA list: anything may be asked. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return false;
  try {
    format(name);
    return true;
  } catch {
    return false;
  }
}

/** `Mon, 23 Nov 2026, 14:05:22 UTC`: nobody has to guess the zone. @param timeZone a valid one. */
export function exactTime(time: Date, timeZone: string): string {
  return format(timeZone).format(time);
}

/** The zone in which to show a person times, by its name of today: the one they chose, else their browser's, else UTC. */
export function zoneOf(chosen: string | null, ofBrowser: string | undefined): string {
  if (chosen !== null && isTimeZone(chosen)) return currentTimeZone(chosen);
  return ofBrowser !== undefined && isTimeZone(ofBrowser) ? currentTimeZone(ofBrowser) : "UTC";
}
