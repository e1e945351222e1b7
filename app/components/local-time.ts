import { z } from "zod";

/** A local time, as LocalTimeFields sends it. */
export const LocalTime = z.object({
  date: z.string().regex(/^\d{4}-\d\d-\d\d$/, "must be a date like 2027-03-01"),
  time: z.string().regex(/^\d\d:\d\d(:\d\d)?$/, "must be a time like 10:30"),
  timeZone: z.string(),
});

export const timeErrors = {
  invalid_date: "Enter the date as year, month and day, like 2027-03-01.",
  invalid_time: "Enter the time as hours and minutes, like 10:30.",
  invalid_datetime: "This date doesn’t exist, or the clocks skip this time when daylight saving starts.",
  past_scheduled_time: "The time must be in the future.",
  invalid_timezone: "Choose a time zone from the list.",
  invalid_time_zone: "Choose a time zone from the list.",
};

/** The fields that errors of lib are about. */
export const timeErrorFields = {
  invalid_datetime: "date",
  past_scheduled_time: "date",
  invalid_timezone: "timeZone",
} as const;
