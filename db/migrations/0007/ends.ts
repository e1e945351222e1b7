import { type Kysely, sql } from "kysely";
import { columns, each } from "../0005/statuses";

/** Makes what happens where there is no job yet, or none any more. */
export async function makeBeginningAndEnd(db: Kysely<unknown>): Promise<void> {
  // Of each organization one range, its span and their counts are there from its beginning, for every job to be in.
  await sql`
    create or replace function begin_batch_job_counts() returns trigger language plpgsql as $$
    begin
      with range as (
        insert into batch_job_ranges (organization_id, from_created_at, from_id, until_created_at, until_id)
        values (new.id, '-infinity', '', 'infinity', '')
        returning id
      )
      insert into batch_job_counts (organization_id, range_id, is_folded, ${columns})
      select new.id, counted.id, true, ${each(() => "0")} from (select 0 as id union all select id from range) as counted;
      insert into batch_job_spans
        (organization_id, from_created_at, from_id, until_created_at, until_id, ${columns})
      values (new.id, '-infinity', '', 'infinity', '', ${each(() => "0")});
      return null;
    end
    $$
  `.execute(db);
  await sql`
    create or replace function forget_batch_job_counts() returns trigger language plpgsql as $$
    begin
      -- As it does, whatever the transaction sees. Who tidies next makes the spans again.
      truncate batch_job_counts, batch_job_spans;
      return null;
    end
    $$
  `.execute(db);
}
