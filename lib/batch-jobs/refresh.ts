import { sql } from "kysely";
import { z } from "zod";
import { database } from "../database";
import { identifierPattern } from "../text";
import type { Viewer } from "../viewer";
import { visibleBatchJobs, withStatus } from "./list";
import { type Attention, activeBatchJobs, attentionColumns, type StatusCounts } from "./overview";
import { batchJobStatuses, ListBatchJobsQuery, pageSizeMax } from "./schema";
import { type BatchJobRow, batchJobColumns } from "./serialize";

/** What a page that is open asks for: how its jobs stand now. */
export const RefreshQuery = ListBatchJobsQuery.pick({ organizationId: true, status: true }).extend({
  /** The jobs it shows that are not over. */
  ids: z
    .array(z.string())
    .transform((values) => values.flatMap((value) => value.split(",")).filter((id) => id !== ""))
    .pipe(z.array(z.string().regex(identifierPattern)).max(pageSizeMax))
    .default([]),
  /** Jobs created after this are new to it. */
  since: z.array(z.iso.datetime()).length(1),
});
export type RefreshQuery = z.infer<typeof RefreshQuery>;

/** More new jobs than this are not counted. */
export const newJobsMax = 100;
/** Nor more of a status: counting must not cost more than the page is worth. */
const countedMax = 10_000;

export interface Refreshed extends Attention {
  jobs: BatchJobRow[];
  newJobs: number;
  /** A status of more jobs than are counted here is missing. */
  counts: Partial<StatusCounts>;
}

function countUpTo(max: number, rows: ReturnType<typeof visibleBatchJobs>) {
  const bounded = rows.select(sql`1`.as("one")).limit(max + 1);
  return database().selectFrom(bounded.as("bounded")).select(sql<number>`count(*)::int`.as("count"));
}

/**
 * How the jobs of an open page stand: one statement, bounded whatever the organization's size.
 *
 * @throws Refusal 403 when the query names another organization than the viewer's.
 */
export async function refreshBatchJobs(viewer: Viewer, query: RefreshQuery): Promise<Refreshed> {
  viewer.mustBeOf(query.organizationId);
  const shown = visibleBatchJobs(viewer)
    .where("id", "in", query.ids.length > 0 ? query.ids : [""])
    .select(batchJobColumns);
  const since = new Date(query.since[0] ?? "");
  const newer = withStatus(visibleBatchJobs(viewer), query.status).where("created_at", ">", since);
  const rows = await database()
    .with("active", () => activeBatchJobs(viewer))
    .with("attention", (db) => db.selectFrom("active").select(attentionColumns))
    .selectFrom("attention")
    .leftJoin(shown.as("shown"), (join) => join.onTrue())
    .select(["overdue", "stalled", "nextStart", "asOf"])
    .select(countUpTo(newJobsMax, newer).as("newJobs"))
    .select(
      batchJobStatuses.map((status) =>
        countUpTo(countedMax, visibleBatchJobs(viewer).where("status", "=", status)).as(status),
      ),
    )
    .select(batchJobColumns.map((column) => `shown.${column}` as const))
    .execute();

  const [first] = rows;
  if (!first) throw new Error("The statement gives one row at least");
  const counts: Partial<StatusCounts> = {};
  for (const status of batchJobStatuses) {
    const count = first[status] ?? 0;
    if (count <= countedMax) counts[status] = count;
  }
  const { overdue, stalled, nextStart, asOf, newJobs } = first;
  const jobs = rows.filter((row): row is typeof row & BatchJobRow => row.id !== null);
  return { jobs, newJobs: newJobs ?? 0, counts, overdue, stalled, nextStart, asOf };
}
