import { type Kysely, sql } from "kysely";
import { columns, summed } from "../0005/statuses";

/** Makes what gathers ranges into spans. */
export async function makeSpans(db: Kysely<unknown>): Promise<void> {
  // How many jobs a range has at most before it is parted.
  await sql`
    create or replace function batch_job_range_max(total bigint) returns bigint language sql immutable as $$
      select greatest(2000, (20 * cbrt(total))::bigint)
    $$
  `.execute(db);
  // How many ranges a span has at least, where there are so many; at most twice as many. The square root of all ranges.
  await sql`
    create function batch_job_span_size(total bigint) returns bigint language sql immutable as $$
      select greatest(4, sqrt(2.0 * total / batch_job_range_max(total))::bigint)
    $$
  `.execute(db);

  // Gathers the ranges from one place in the order up to another anew, and those of the spans that these were in.
  await sql`
    create function gather_batch_job_ranges(
      organization text, from_at timestamptz, from_key text, until_at timestamptz, until_key text, size bigint
    ) returns void language plpgsql as $$
    begin
      -- Whole spans, so that they never overlap. Where there are none, everything.
      select from_created_at, from_id into from_at, from_key from batch_job_spans
      where organization_id = organization and (from_created_at, from_id) <= (from_at, from_key)
      order by from_created_at desc, from_id desc limit 1;
      select until_created_at, until_id into until_at, until_key from batch_job_spans
      where organization_id = organization and (from_created_at, from_id) < (until_at, until_key)
      order by from_created_at desc, from_id desc limit 1;
      if from_at is null or until_at is null then
        select '-infinity', '', 'infinity', '' into from_at, from_key, until_at, until_key;
      end if;

      delete from batch_job_spans
      where organization_id = organization
        and (from_created_at, from_id) >= (from_at, from_key) and (from_created_at, from_id) < (until_at, until_key);

      with range as (
        select
          from_created_at, from_id, until_created_at, until_id, counts.*,
          row_number() over (order by from_created_at, from_id) - 1 as place, count(*) over () as total
        from batch_job_ranges as range
        cross join lateral (
          select ${summed} from batch_job_counts
          where organization_id = organization and range_id = range.id and is_folded
        ) as counts
        where range.organization_id = organization and replaced_at is null
          and (from_created_at, from_id) >= (from_at, from_key) and (from_created_at, from_id) < (until_at, until_key)
      )
      insert into batch_job_spans
        (organization_id, from_created_at, from_id, until_created_at, until_id, ${columns})
      select
        organization,
        (array_agg(from_created_at order by place))[1], (array_agg(from_id order by place))[1],
        (array_agg(until_created_at order by place desc))[1], (array_agg(until_id order by place desc))[1],
        ${summed}
      from range
      group by place / ((total - 1) / greatest(1, total / size) + 1);
    end
    $$
  `.execute(db);
}
