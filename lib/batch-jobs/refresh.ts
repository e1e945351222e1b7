import { z } from "zod";
import { database } from "../database";
import { identifierPattern } from "../text";
import type { Viewer } from "../viewer";
import { visibleBatchJobs, withStatus } from "./list";
import { type Attention, attentionColumns, countUpTo, type StatusCounts } from "./overview";
import { countedMax, newJobsMax } from "./refresh-limits";
import { batchJobStatuses, ListBatchJobsQuery, pageSizeMax } from "./schema";
import { type BatchJobRow, batchJobColumns } from "./serialize";

/** What a page that is open asks for: how its jobs stand now. */
export const RefreshQuery = ListBatchJobsQuery.pick({ organizationId: true, status: true }).extend({
  /** The jobs it shows. */
  ids: z
    .array(z.string())
    .transform((values) => values.flatMap((value) => value.split(",")).filter((id) => id !== ""))
    .pipe(z.array(z.string().regex(identifierPattern)).max(pageSizeMax))
    .default([]),
  /** Jobs created after this are new to it. */
  since: z.array(z.iso.datetime()).length(1),
});
export type RefreshQuery = z.infer<typeof RefreshQuery>;

export interface Refreshed extends Attention {
  jobs: BatchJobRow[];
  newJobs: number;
  /** A status of more jobs than are counted here is missing. */
  counts: Partial<StatusCounts>;
}

/**
 * How the jobs of an open page stand: one statement. Nothing in it is counted beyond a bound, so that its
 * cost does not grow with the organization as the first page's does.
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
  const countColumns = batchJobStatuses.map((status) =>
    countUpTo(countedMax, visibleBatchJobs(viewer).where("status", "=", status)).as(status),
  );
  const rows = await database()
    .with("standing", (db) =>
      db.selectNoFrom([
        ...attentionColumns(viewer),
        countUpTo(newJobsMax, newer).as("newJobs"),
        ...countColumns,
      ]),
    )
    .selectFrom("standing")
    .leftJoin(shown.as("shown"), (join) => join.onTrue())
    .select(["overdue", "stalled", "nextStart", "asOf", "newJobs", ...batchJobStatuses])
    .select(batchJobColumns.map((column) => `shown.${column}` as const))
    .execute();

  const [first] = rows;
  if (!first) throw new Error("The statement gives one row at least");
  const counts: Partial<StatusCounts> = {};
  for (const status of batchJobStatuses) {
    const count = first[status];
    if (count <= countedMax) counts[status] = count;
  }
  const { overdue, stalled, nextStart, asOf, newJobs } = first;
  const jobs = rows.filter((row): row is typeof row & BatchJobRow => row.id !== null);
  return { jobs, newJobs, counts, overdue, stalled, nextStart, asOf };
}
