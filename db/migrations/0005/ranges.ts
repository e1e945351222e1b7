import { type Kysely, sql } from "kysely";
import { columns, counted, each } from "./statuses";

/** Makes what cuts an organization's jobs into ranges. */
export async function makeRanges(db: Kysely<unknown>): Promise<void> {
  // How many jobs a range has at most. A deep page adds up the counts of all ranges and walks inside of one: so
  // both cost about the same, and a hundred times as many jobs cost ten times as much.
  await sql`
    create function batch_job_range_max(total bigint) returns bigint language sql immutable as $$
      select greatest(2000, (6 * sqrt(total))::bigint)
    $$
  `.execute(db);

  // Cuts what lies from one place in the order up to another into ranges of at least `size` jobs and counts them.
  // What was added to ranges there until now is replaced. Numbers come from one statement, hence one snapshot: what
  // it does not see is added later to a range that has been replaced, as its writer knew no other.
  await sql`
    create function cut_batch_job_ranges(
      organization text, from_at timestamptz, from_key text, until_at timestamptz, until_key text, size bigint
    ) returns void language plpgsql as $$
    begin
      -- Whole ranges, so that they never overlap.
      select from_created_at, from_id into strict from_at, from_key from batch_job_ranges
      where organization_id = organization and replaced_at is null
        and (from_created_at, from_id) <= (from_at, from_key)
      order by from_created_at desc, from_id desc limit 1;
      select until_created_at, until_id into strict until_at, until_key from batch_job_ranges
      where organization_id = organization and replaced_at is null
        and (until_created_at, until_id) >= (until_at, until_key)
      order by until_created_at, until_id limit 1;

      update batch_job_ranges set replaced_at = now()
      where organization_id = organization and replaced_at is null
        and (from_created_at, from_id) >= (from_at, from_key)
        and (until_created_at, until_id) <= (until_at, until_key);

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
      insert into batch_job_counts (organization_id, range_id, ${columns})
      select organization, range_id, ${columns}
      from bounded join made on (from_created_at, from_id) = (created_at, bounded.id);

      -- Nobody can add to them any more: a transaction that began before would have to be a day old.
      delete from batch_job_ranges
      where organization_id = organization and replaced_at < now() - interval '1 day' and not exists (
        select from batch_job_counts where organization_id = organization and range_id = batch_job_ranges.id
      );
    end
    $$
  `.execute(db);

  // Compares what is kept with the jobs, at one instant: how many of each status, and in how many ranges another
  // number is kept. Where somebody added late, ranges may be wrong, and readers do without them.
  await sql`
    create function check_batch_job_counts(organization text)
    returns table (kept bigint[], counted bigint[], wrong_ranges bigint, late_ranges bigint)
    language sql stable as $$
      with range as (
        select id, from_created_at, from_id, until_created_at, until_id from batch_job_ranges
        where organization_id = organization and replaced_at is null
      ), kept as (
        select range_id, array[${each((status) => `sum(${status})`)}] as jobs from batch_job_counts
        where organization_id = organization group by range_id
      ), found as (
        select range.id, (
          select array[${each((status) => `count(*) filter (where status = '${status}')`)}] from batch_jobs
          where organization_id = organization
            and (created_at, id) >= (from_created_at, from_id) and (created_at, id) < (until_created_at, until_id)
        ) as jobs
        from range
      ), nothing as (select array[${each(() => "0::bigint")}] as jobs)
      select
        coalesce((select jobs from kept where range_id = 0), (select jobs from nothing)),
        (
          select array[${each((status) => `count(*) filter (where status = '${status}')`)}] from batch_jobs
          where organization_id = organization
        ),
        (
          select count(*) from found left join kept on range_id = id
          where found.jobs <> coalesce(kept.jobs, (select jobs from nothing))
        ),
        (select count(*) from kept where range_id <> 0 and not exists (select from range where id = range_id))
    $$
  `.execute(db);
}
