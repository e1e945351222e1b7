import { type Kysely, sql } from "kysely";
import { makeAround } from "./0005/around";
import { makeBeginningAndEnd } from "./0005/ends";
import { makeRanges } from "./0005/ranges";
import { each } from "./0005/statuses";
import { makeTidying } from "./0005/tidying";
import { makeTriggers } from "./0005/triggers";

/**
 * How many jobs there are, kept by the database itself, so that no request has to count or skip them.
 *
 * - `batch_job_ranges` cuts an organization's jobs, in the list's order, into ranges of some thousand jobs.
 * - `batch_job_counts` holds how many jobs of each status there are: in all (`range_id` 0) and in each range. It is
 *   a bag of numbers: the count is the sum of all its rows. A write adds rows and changes none, so that writers
 *   never wait for each other and cannot deadlock. Now and then one of them folds many rows into one, at its end.
 *
 * Ranges are cut anew while others write. Whoever does not see that yet adds to a range that has been replaced.
 * Readers notice such rows: then they do not trust positions and skip (lib/batch-jobs/counts.ts), until somebody has
 * counted the place again.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Who writes just now shall have ended: their jobs are counted below, all later ones by the triggers.
  await sql`lock table organizations, batch_jobs in share row exclusive mode`.execute(db);
  await sql`
    create table batch_job_ranges (
      id                bigint generated always as identity primary key,
      organization_id   text collate "C" not null references organizations on delete cascade,
      from_created_at   timestamptz(3) not null,
      from_id           text collate "C" not null,
      until_created_at  timestamptz(3) not null,
      until_id          text collate "C" not null,
      -- Kept for a while: somebody may still add to it.
      replaced_at       timestamptz(3)
    )
  `.execute(db);
  await sql`
    create index batch_job_ranges_in_order on batch_job_ranges (organization_id, from_created_at, from_id)
    where replaced_at is null
  `.execute(db);
  await sql`
    create index batch_job_ranges_replaced on batch_job_ranges (organization_id, replaced_at)
    where replaced_at is not null
  `.execute(db);

  // No foreign keys: they would cost each write a lookup.
  await sql`
    create table batch_job_counts (
      organization_id  text collate "C" not null,
      range_id         bigint not null,
      ${each((status) => `${status} integer not null`)}
    ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)
  `.execute(db);
  await sql`create index batch_job_counts_of_range on batch_job_counts (organization_id, range_id)`.execute(
    db,
  );

  // Or a publication of all tables would refuse to fold them.
  await sql`alter table batch_job_counts replica identity full`.execute(db);

  // What a transaction has to tidy at its end; nobody else ever sees a row.
  await sql`
    create unlogged table batch_job_counts_to_tidy (
      organization_id  text collate "C" not null,
      jobs_max         bigint not null
    )
  `.execute(db);

  await makeRanges(db);
  await makeTidying(db);
  await makeTriggers(db);
  await makeAround(db);
  await makeBeginningAndEnd(db);
  await sql`
    insert into batch_job_ranges (organization_id, from_created_at, from_id, until_created_at, until_id)
    select id, '-infinity', '', 'infinity', '' from organizations
  `.execute(db);
  // Without the lock of each: all is locked, and there may be more than locks.
  await sql`select recount_batch_jobs_locked(id) from organizations`.execute(db);
}
