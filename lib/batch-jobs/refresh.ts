import { sql } from "kysely";
import { z } from "zod";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { identifierPattern } from "../format/text";
import { countJobsByStatus } from "./counts";
import { countUpTo, type HealthSummary, healthSummaryColumns, statusCounts } from "./overview";
import { newJobsMax } from "./refresh-limits";
import { ListBatchJobsQuery, pageSizeMax } from "./schema";
import { type BatchJobRow, batchJobColumns } from "./serialize";
import { batchJobStatuses, type StatusCounts } from "./status";
import { visibleBatchJobs, withStatus } from "./visible";

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

export interface Refreshed extends HealthSummary {
  jobs: BatchJobRow[];
  newJobs: number;
  counts: StatusCounts;
}

/**
 * How the jobs of an open page stand: one statement. What is not a kept count is counted up to a bound, so that its
 * cost does not grow with the organization.
 *
 * @throws HttpError 403 when the query names another organization than the viewer's.
 */
export async function refreshBatchJobs(viewer: Viewer, query: RefreshQuery): Promise<Refreshed> {
  viewer.requireOrganization(query.organizationId);
  const shown = visibleBatchJobs(viewer.scope)
    .where("id", "=", sql<string>`any(${query.ids}::text[])`)
    .select(batchJobColumns);
  const since = new Date(query.since[0] ?? "");
  const newer = withStatus(visibleBatchJobs(viewer.scope), query.status).where("created_at", ">", since);
  const rows = await database()
    .with("snapshot", (db) =>
      db
        .selectFrom(countJobsByStatus(viewer.scope).as("kept"))
        .select(batchJobStatuses)
        .select([...healthSummaryColumns(viewer), countUpTo(newJobsMax, newer).as("newJobs")]),
    )
    .selectFrom("snapshot")
    .leftJoin(shown.as("shown"), (join) => join.onTrue())
    .select(["overdue", "stalled", "nextStart", "asOf", "newJobs", ...batchJobStatuses])
    .select(batchJobColumns.map((column) => `shown.${column}` as const))
    .execute();

  const [first] = rows;
  if (!first) throw new Error("The statement gives one row at least");
  const { overdue, stalled, nextStart, asOf, newJobs } = first;
  const jobs = rows.filter((row): row is typeof row & BatchJobRow => row.id !== null);
  return { jobs, newJobs, counts: statusCounts(first), overdue, stalled, nextStart, asOf };
}
