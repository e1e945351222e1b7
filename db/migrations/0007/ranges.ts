import { type Kysely, sql } from "kysely";
import { columns, counted, each, jobs } from "../0005/statuses";

/** Makes what cuts an organization's jobs into ranges, and what proves all that is kept. */
export async function makeRanges(db: Kysely<unknown>): Promise<void> {
  // As in 0005, with folded counts and their spans.
  await sql`
    create or replace function cut_batch_job_ranges(
      organization text, from_at timestamptz, from_key text, until_at timestamptz, until_key text, size bigint
    ) returns void language plpgsql as $$
    declare
      all_jobs bigint;
    begin
      -- Whole ranges, so that they never overlap.
      select from_created_at, from_id into strict from_at, from_key from batch_job_ranges
      where organization_id = organization and replaced_at is null
        and (from_created_at, from_id) <= (from_at, from_key)
      order by from_created_at desc, from_id desc limit 1;
      select until_created_at, until_id into strict until_at, until_key from batch_job_ranges
      where organization_id = organization and replaced_at is null
        and (from_created_at, from_id) < (until_at, until_key)
      order by from_created_at desc, from_id desc limit 1;

      update batch_job_ranges set replaced_at = now()
      where organization_id = organization and replaced_at is null
        and (from_created_at, from_id) >= (from_at, from_key) and (from_created_at, from_id) < (until_at, until_key);

      with job as (
        select
          created_at, id, status, row_number() over (order by created_at, id) - 1 as place, count(*) over () as total
        from batch_jobs
        where organization_id = organization
          and (created_at, id) >= (from_at, from_key) and (created_at, id) < (until_at, until_key)
      ), placed as (
        -- In pieces of the same size, and one where there is no job.
        select created_at, id, status, place, (total - 1) / greatest(1, total / size) + 1 as piece_size from job
        union all select null, null, null, 0, 1
      ), piece as (
        select
          place / piece_size as number,
          max(created_at) filter (where place % piece_size = 0) as created_at,
          max(id) filter (where place % piece_size = 0) as id,
          ${counted}
        from placed group by place / piece_size
      ), bounded as (
        select
          case number when 0 then from_at else created_at end as created_at,
          case number when 0 then from_key else id end as id,
          coalesce(lead(created_at) over (order by number), until_at) as end_at,
          coalesce(lead(id) over (order by number), until_key) as end_id,
          ${columns}
        from piece
      ), made as (
        insert into batch_job_ranges (organization_id, from_created_at, from_id, until_created_at, until_id)
        select organization, created_at, id, end_at, end_id from bounded
        returning batch_job_ranges.id as range_id, from_created_at, from_id
      ), gone as (
        delete from batch_job_counts using batch_job_ranges as range
        where batch_job_counts.organization_id = organization and range_id = range.id
          and range.organization_id = organization and replaced_at is not null
          and (from_created_at, from_id) >= (from_at, from_key)
          and (until_created_at, until_id) <= (until_at, until_key)
      )
      insert into batch_job_counts (organization_id, range_id, is_folded, ${columns})
      select organization, range_id, true, ${columns}
      from bounded join made on (from_created_at, from_id) = (created_at, bounded.id);

      select sum(${jobs}) into all_jobs from batch_job_counts where organization_id = organization and range_id = 0;
      perform gather_batch_job_ranges(
        organization, from_at, from_key, until_at, until_key, batch_job_span_size(coalesce(all_jobs, 0))
      );

      -- Nobody can add to them any more: a transaction that began before would have to be a day old.
      delete from batch_job_ranges
      where organization_id = organization and replaced_at < now() - interval '1 day' and not exists (
        select from batch_job_counts where organization_id = organization and range_id = batch_job_ranges.id
      );
    end
    $$
  `.execute(db);

  const found = each((status) => `count(*) filter (where status = '${status}')`);
  const sums = each((status) => `sum(${status})`);
  await sql`drop function check_batch_job_counts(text)`.execute(db);
  // Compares what is kept with the jobs, at one instant: how many of each status, and in how many ranges and spans
  // another number is kept. Where somebody added late, ranges may be wrong, and readers do without them.
  await sql`
    create function check_batch_job_counts(organization text)
    returns table (
      kept bigint[], counted bigint[], wrong_ranges bigint, wrong_spans bigint, late_ranges bigint
    )
    language sql stable as $$
      with range as (
        select id, from_created_at, from_id, until_created_at, until_id from batch_job_ranges
        where organization_id = organization and replaced_at is null
      ), kept as (
        select range_id, array[${sums}] as jobs from batch_job_counts
        where organization_id = organization group by range_id
      ), folded as (
        select range_id, ${columns} from batch_job_counts where organization_id = organization and is_folded
      ), found as (
        select range.id, (
          select array[${found}] from batch_jobs
          where organization_id = organization
            and (created_at, id) >= (from_created_at, from_id) and (created_at, id) < (until_created_at, until_id)
        ) as jobs
        from range
      ), nothing as (select array[${each(() => "0::bigint")}] as jobs)
      select
        coalesce((select jobs from kept where range_id = 0), (select jobs from nothing)),
        (select array[${found}] from batch_jobs where organization_id = organization),
        (
          select count(*) from found left join kept on range_id = id
          where found.jobs <> coalesce(kept.jobs, (select jobs from nothing))
        ),
        (
          select count(*) from batch_job_spans as span where organization_id = organization and array[${columns}]::bigint[] is distinct from (
            select array[${each((status) => `coalesce(sum(${status}), 0)`)}] from range left join folded on range_id = range.id
            where (range.from_created_at, range.from_id) >= (span.from_created_at, span.from_id)
              and (range.from_created_at, range.from_id) < (span.until_created_at, span.until_id)
          )
        ) + (
          -- Each range is in one span.
          select count(*) from range where 1 <> (
            select count(*) from batch_job_spans as span
            where organization_id = organization
              and (range.from_created_at, range.from_id) >= (span.from_created_at, span.from_id)
              and (range.until_created_at, range.until_id) <= (span.until_created_at, span.until_id)
          )
        ),
        (select count(*) from kept where range_id <> 0 and not exists (select from range where id = range_id))
    $$
  `.execute(db);
}
