import { parseTime } from "../format/local-time";
import { currentTimeZone, isTimeZone } from "../format/time-zone";
import { HttpError } from "../http/http-error";
import { quoted } from "../http/quoted";

const invalidDatetime = (detail: string) => new HttpError(400, "invalid_datetime", detail);
/** The contract's sentence, and maybe another one. */
export const invalidFormat = (more = "") =>
  invalidDatetime(`Invalid datetime format. Use format like '2025-03-01T10:00:00'.${more}`);

/** The last second that the table takes. */
const latestMs = Date.UTC(10_000, 0, 1) - 1;

export interface Schedule {
  startTime: Date;
  timeZone: string;
}

/**
 * The IANA name of a time zone.
 *
 * @param hint for the end of the error, where the contract has one.
 * @throws HttpError 400 with the contract's sentence.
 */
export function readTimeZone(given: string, hint = ""): string {
  if (!isTimeZone(given)) {
    const shown = given.slice(0, 64).toWellFormed().replace(/\p{C}/gu, "�");
    throw new HttpError(400, "invalid_timezone", `Invalid timezone '${shown}'${hint}`);
  }
  return currentTimeZone(new Intl.DateTimeFormat("en-US", { timeZone: given }).resolvedOptions().timeZone);
}

/**
 * The time at which a job is to start.
 *
 * @param timeZone a valid one, for a time without an offset.
 * @throws HttpError 400 for a text that is no time, or a time that is skipped in the zone or not in the future.
 */
export function readStartTime(given: string, timeZone: string): Date {
  const time = parseTime(given, timeZone);
  if (time === "skipped") {
    throw invalidDatetime(
      `scheduledStartTime ${quoted(given)} does not exist in ${timeZone}: clocks are set forward then`,
    );
  }
  if (time === undefined) throw invalidFormat();
  if (time.getTime() > latestMs)
    throw invalidDatetime(`scheduledStartTime ${quoted(given)} is after the year 9999, in UTC`);
  if (time.getTime() <= Date.now()) {
    throw new HttpError(400, "past_scheduled_time", "Scheduled time must be in the future");
  }
  return time;
}
