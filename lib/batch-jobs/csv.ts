import { type CsvValue, csvLine } from "../format/csv";
import { BatchJob, type BatchJobSearch, Health, type Included } from "./schema";

type ListedJob = BatchJobSearch["batchJobs"][number];

type Column = [name: string, value: (job: ListedJob) => CsvValue];

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

export function csvHeader(include: Included[]): string {
  return csvLine(columnsOf(include).map(([name]) => name));
}

/** @param jobs as in the API's answer. */
export function csvLines(jobs: ListedJob[], include: Included[]): string {
  const columns = columnsOf(include);
  return jobs.map((job) => csvLine(columns.map(([, value]) => value(job)))).join("");
}
