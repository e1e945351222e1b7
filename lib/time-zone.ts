/** Set by the browser (app/browser-time-zone.tsx): the zone of the device. */
export const timeZoneCookie = "batch-jobs.time-zone";

/** The zones that can be chosen by name. */
export function allTimeZones(): string[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone").filter((name) => name !== "UTC")];
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

/** The zone in which to show a person times: the one they chose, else their browser's, else UTC. */
export function zoneOf(chosen: string | null, ofBrowser: string | undefined): string {
  if (chosen !== null && isTimeZone(chosen)) return chosen;
  return ofBrowser !== undefined && isTimeZone(ofBrowser) ? ofBrowser : "UTC";
}
