import { BatchJob, type BatchJobSearch, Health, type Included } from "./schema";

type ListedJob = BatchJobSearch["batchJobs"][number];

/** Spreadsheets may run a cell that begins like this as a formula, also in full width (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
/** A spreadsheet reads it as a number, which does no harm. */
const phoneNumber = /^\+[0-9]{1,15}$/;

/** A cell as in RFC 4180; what a spreadsheet would run begins with an apostrophe instead. */
function cell(value: string | number | null | undefined): string {
  const text = String(value ?? "");
  const safe = formula.test(text) && !phoneNumber.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

type Column = [name: string, value: (job: ListedJob) => string | number | null | undefined];

/** The API's fields in its order; those of an object are columns such as `retryPolicy.maxAttempts`. */
function columnsOf(include: Included[]): Column[] {
  const { retryPolicy: _, ...plain } = BatchJob.shape;
  const names = Object.keys(plain) as (keyof typeof plain)[];
  const healthNames = Object.keys(Health.shape) as (keyof Health)[];
  return [
    ...names.map((name): Column => [name, (job) => job[name]]),
    ["retryPolicy.maxAttempts", (job) => job.retryPolicy.maxAttempts],
    ["retryPolicy.retryableStatuses", (job) => job.retryPolicy.retryableStatuses.join(" ")],
    ...(include.includes("updatedAt") ? [["updatedAt", (job: ListedJob) => job.updatedAt] as Column] : []),
    ...(include.includes("health")
      ? healthNames.map((name): Column => [`health.${name}`, (job) => job.health?.[name]])
      : []),
  ];
}

const line = (cells: string[]) => `${cells.join(",")}\r\n`;

export function csvHeader(include: Included[]): string {
  return line(columnsOf(include).map(([name]) => cell(name)));
}

/** @param jobs as in the API's answer. */
export function csvLines(jobs: ListedJob[], include: Included[]): string {
  const columns = columnsOf(include);
  return jobs.map((job) => line(columns.map(([, value]) => cell(value(job))))).join("");
}
