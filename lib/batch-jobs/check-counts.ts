import { sql } from "kysely";
import { database } from "../database";
import { Operator } from "../operator";
import { quantity } from "../quantity";
import { batchJobStatuses } from "./status";

/** What is kept of an organization beside what there is, at one instant. */
export interface CountCheck {
  /** Of each status, in the order of batchJobStatuses. Of bigint, hence text. */
  kept: string[];
  counted: string[];
  /** Ranges of the list's order for which another number is kept than there are jobs. */
  wrongRanges: number;
  /** Spans of ranges for which another number is kept than for their ranges. */
  wrongSpans: number;
  /** Ranges that have been replaced, and to which somebody added since: readers do not trust positions meanwhile. */
  lateRanges: number;
}

/** Counts the jobs of an organization one by one and compares. Some seconds for a million jobs; locks nothing. */
export async function checkCounts(operator: Operator, organizationId: string): Promise<CountCheck> {
  Operator.prove(operator);
  const { rows } = await sql<CountCheck>`
    select kept::text[], counted::text[], wrong_ranges::int as "wrongRanges", wrong_spans::int as "wrongSpans",
      late_ranges::int as "lateRanges"
    from check_batch_job_counts(${organizationId})
  `.execute(database());
  const [check] = rows;
  if (!check) throw new Error("The function gives one row");
  return check;
}

/** What is wrong with the kept counts, in words; nothing when all is as it must be. */
export function wrongIn({ kept, counted, wrongRanges, wrongSpans, lateRanges }: CountCheck): string[] {
  const statuses = batchJobStatuses.flatMap((status, at) =>
    kept[at] === counted[at] ? [] : [`${status}: kept ${kept[at]}, there are ${counted[at]}`],
  );
  if (lateRanges > 0) return statuses; // then numbers of ranges may be off, and nobody reads them
  const wrong = (count: number, one: string, many: string) =>
    count > 0 ? [`${quantity(count, one, many)} with a wrong count`] : [];
  return [
    ...statuses,
    ...wrong(wrongRanges, "range", "ranges"),
    ...wrong(wrongSpans, "span of ranges", "spans of ranges"),
  ];
}

/** Counts all jobs of an organization anew and cuts its ranges anew. Writers need not wait. */
export async function recount(operator: Operator, organizationId: string): Promise<void> {
  Operator.prove(operator);
  await sql`select recount_batch_jobs(${organizationId})`.execute(database());
}
