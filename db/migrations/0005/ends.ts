import { type Kysely, sql } from "kysely";

/** Makes what happens where there is no job yet, or none any more. */
export async function makeBeginningAndEnd(db: Kysely<unknown>): Promise<void> {
  // Of each organization one range is there from its beginning, so that every job is in one.
  await sql`
    create function begin_batch_job_counts() returns trigger language plpgsql as $$
    begin
      insert into batch_job_ranges (organization_id, from_created_at, from_id, until_created_at, until_id)
      values (new.id, '-infinity', '', 'infinity', '');
      return null;
    end
    $$
  `.execute(db);
  await sql`
    create trigger begin_batch_job_counts after insert on organizations
    for each row execute function begin_batch_job_counts()
  `.execute(db);
  await sql`
    create function end_batch_job_counts() returns trigger language plpgsql as $$
    begin
      delete from batch_job_counts where organization_id = old.id;
      return null;
    end
    $$
  `.execute(db);
  await sql`
    create trigger end_batch_job_counts after delete on organizations
    for each row execute function end_batch_job_counts()
  `.execute(db);
  await sql`
    create function forget_batch_job_counts() returns trigger language plpgsql as $$
    begin
      -- As it does, whatever the transaction sees.
      truncate batch_job_counts;
      return null;
    end
    $$
  `.execute(db);
  await sql`
    create trigger count_after_truncate after truncate on batch_jobs
    for each statement execute function forget_batch_job_counts()
  `.execute(db);
}
