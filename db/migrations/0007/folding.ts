import { type Kysely, sql } from "kysely";
import { columns, each, summed } from "../0005/statuses";

const plus = (other: string) => each((status) => `${status} = counted.${status} + ${other}.${status}`);

/** Makes what folds the rows that writers added. */
export async function makeFolding(db: Kysely<unknown>): Promise<void> {
  // Adds what is not folded to the folded rows and to their spans: one statement, hence one snapshot. What was added
  // to a range that has been replaced stays as it is, for readers to see. Gives the ranges of which counts changed.
  await sql`
    create function fold_batch_job_counts(organization text) returns bigint[] language plpgsql
    -- Each row is looked up: the tables' statistics are always late, and another plan would read them whole.
    set enable_hashjoin = off set enable_mergejoin = off set enable_bitmapscan = off set enable_seqscan = off as $$
    declare
      touched bigint[];
    begin
      -- After a TRUNCATE there is nothing to add to: all is to be counted anew.
      if not exists (select from batch_job_spans where organization_id = organization) then
        return null;
      end if;
      with gone as (
        delete from batch_job_counts
        where organization_id = organization and not is_folded
          and (range_id = 0 or (select replaced_at is null from batch_job_ranges where id = range_id))
        returning range_id, ${columns}
      ), added as (
        select range_id, ${summed} from gone group by range_id
      ), folded as (
        update batch_job_counts as counted set ${plus("added")} from added
        where organization_id = organization and counted.range_id = added.range_id and is_folded
      ), gathered as materialized (
        select span.from_created_at, span.from_id, ${each((status) => `sum(added.${status}) as ${status}`)}
        from added
        join batch_job_ranges as range on range.id = added.range_id
        cross join lateral (
          select from_created_at, from_id from batch_job_spans
          where organization_id = organization
            and (from_created_at, from_id) <= (range.from_created_at, range.from_id)
          order by from_created_at desc, from_id desc limit 1
        ) as span
        group by span.from_created_at, span.from_id
      ), spanned as (
        update batch_job_spans as counted set ${plus("gathered")} from gathered
        where organization_id = organization
          and (counted.from_created_at, counted.from_id) = (gathered.from_created_at, gathered.from_id)
      )
      select array_agg(range_id) into touched from added where range_id <> 0;
      return touched;
    end
    $$
  `.execute(db);
}
