import { timeErrors } from "../../components/local-time";

export const errors = {
  job_not_found: "Job not found. It may have been deleted.",
  already_running: "The job is already running.",
  invalid_status: "The job has started or finished in the meantime. Nothing was changed.",
  already_terminal: "The job has already finished. Nothing was changed.",
  ...timeErrors,
};

export const done = {
  created: "Job created.",
  already_created: "This form has already created this job. To create another one, open New batch job again.",
  started: "Job started. Dialers get its contacts when they next ask for calls.",
  cancelled: "Job cancelled.",
  rescheduled: "Job rescheduled.",
};
