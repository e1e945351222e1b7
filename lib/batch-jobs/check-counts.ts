import { sql } from "kysely";
import { Operator } from "../access/operator";
import { database } from "../database/database";
import { quantity } from "../format/quantity";
import { batchJobStatuses, type StatusCounts } from "./status";

const statusColumns = batchJobStatuses.map((status) => sql.ref(status));

type CountError = StatusCounts & { counted: number; period: "all" | "month" | "day" | null };

/**
 * Compares an organization's stored counts with its jobs. Takes seconds for a million jobs, and locks nothing.
 *
 * @returns the number of jobs, and messages about wrong counts.
 */
export async function checkCounts(
  operator: Operator,
  organizationId: string,
): Promise<{ jobs: number; errors: string[] }> {
  Operator.prove(operator);
  const { rows } = await sql<CountError>`
    select counted, period, ${sql.join(statusColumns)}
    from (
      select coalesce(sum(${sql.join(statusColumns, sql` + `)}), 0)::int as counted
      from batch_job_counts where organization_id = ${organizationId} and period = 'all'
    ) as counts
    left join batch_job_count_errors(${organizationId}) on true
  `.execute(database());
  const missingIn = (row: CountError) => batchJobStatuses.reduce((sum, status) => sum + row[status], 0);
  const all = rows.find((row) => row.period === "all");
  const statuses = batchJobStatuses.flatMap((status) => {
    const missing = all?.[status] ?? 0;
    if (missing === 0) return [];
    return [`${status}: ${quantity(Math.abs(missing), "job")} ${missing > 0 ? "not counted" : "too many"}`];
  });
  const periods = (["month", "day"] as const).flatMap((period) => {
    const wrong = rows.filter((row) => row.period === period).length;
    return wrong === 0 ? [] : [`${quantity(wrong, period)} with a wrong count`];
  });
  return { jobs: (rows[0]?.counted ?? 0) + (all ? missingIn(all) : 0), errors: [...statuses, ...periods] };
}

/** Corrects an organization's stored counts. Writers of jobs do not wait for it. */
export async function repairCounts(operator: Operator, organizationId: string): Promise<void> {
  Operator.prove(operator);
  await database()
    .transaction()
    .execute(async (db) => {
      // Two concurrent repairs would both add what is missing.
      await sql`select pg_advisory_xact_lock(hashtextextended(${`repair counts ${organizationId}`}, 0))`.execute(
        db,
      );
      const columns = sql`organization_id, period, starts_on, ${sql.join(statusColumns)}`;
      await sql`
        insert into batch_job_counts (${columns}) select ${columns} from batch_job_count_errors(${organizationId})
      `.execute(db);
    });
}
