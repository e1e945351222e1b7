import { type Kysely, sql } from "kysely";

const times = ["scheduled_start_time", "actual_start_time", "completed_at", "created_at"];

/**
 * Keeps the four times that the API shows in whole seconds, as it shows them, so that the list's order is that of the
 * values a client sees. Existing times are cut, not rounded: a job must not seem to end before it started, or start
 * in the future.
 *
 * PostgreSQL itself rounds what it puts into a `timestamptz(0)`, so whoever writes fractions has to cut them first.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // In this order, as writers of jobs lock them; the second one at once in the mode that ALTER TABLE needs.
  await sql`lock table organizations in share row exclusive mode`.execute(db);
  await sql`lock table batch_jobs in access exclusive mode`.execute(db);
  await sql`
    alter table batch_jobs
      ${sql.raw(
        times
          .map((time) => `alter ${time} type timestamptz(0) using date_trunc('second', ${time})`)
          .join(", "),
      )},
      alter created_at set default date_trunc('second', now())
  `.execute(db);
  // Jobs of one second may have changed places, and ranges are bounded by places.
  await sql`select recount_batch_jobs_locked(id) from organizations`.execute(db);
}
