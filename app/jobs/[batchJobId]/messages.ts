export const errors = {
  job_not_found: "Job not found. It may have been deleted.",
  already_running: "The job is already running.",
  invalid_status: "The job has started or finished in the meantime. Nothing was changed.",
  already_terminal: "The job has already finished. Nothing was changed.",
  invalid_date: "Enter the date as year, month and day, like 2027-03-01.",
  invalid_time: "Enter the time as hours and minutes, like 10:30.",
  invalid_datetime: "This date doesn’t exist, or the clocks skip this time when daylight saving starts.",
  past_scheduled_time: "The time must be in the future.",
  invalid_timezone: "Choose a time zone from the list.",
  invalid_time_zone: "Choose a time zone from the list.",
};

export const done = {
  created: "Job created.",
  started: "Job started. Dialers get its contacts when they next ask for calls.",
  cancelled: "Job cancelled.",
  rescheduled: "Job rescheduled.",
};

/** The fields of a local time that errors are about. */
export const timeErrorFields = {
  invalid_datetime: "date",
  past_scheduled_time: "date",
  invalid_timezone: "timeZone",
} as const;
