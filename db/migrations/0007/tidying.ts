import { type Kysely, sql } from "kysely";
import { columns, counted, jobs } from "../0005/statuses";

const lock = sql`hashtextextended('batch_job_counts ' || organization, 0)`;

/** Makes what folds counts, mends ranges and counts all anew. All of it is done by one at a time. */
export async function makeTidying(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace function recount_batch_jobs_locked(organization text) returns void language plpgsql as $$
    declare
      total bigint;
    begin
      with gone as (
        delete from batch_job_counts where organization_id = organization and (
          range_id = 0 or not exists (select from batch_job_ranges where id = range_id)
        )
      )
      insert into batch_job_counts (organization_id, range_id, is_folded, ${columns})
      select organization, 0, true, ${counted} from batch_jobs where organization_id = organization;
      -- Ranges that somebody has taken away are made again.
      insert into batch_job_ranges (organization_id, from_created_at, from_id, until_created_at, until_id)
      select organization, '-infinity', '', 'infinity', '' where not exists (
        select from batch_job_ranges where organization_id = organization and replaced_at is null
      );
      delete from batch_job_spans where organization_id = organization;
      select sum(${jobs}) into total from batch_job_counts where organization_id = organization and range_id = 0;
      perform cut_batch_job_ranges(organization, '-infinity', '', 'infinity', '', batch_job_range_max(total) / 3);
    end
    $$
  `.execute(db);

  // Joins neighbours that have become small.
  await sql`
    create function join_batch_job_ranges(organization text, range_max bigint, jobs_max bigint) returns void
    language plpgsql
    -- A plan made for a small organization would join the ranges of a large one in a nested loop.
    set enable_nestloop = off as $$
    declare
      part record;
    begin
      for part in
        with sized as (
          select range.*, coalesce(${jobs}, 0) as jobs
          from batch_job_ranges as range
          left join batch_job_counts as counts
            on counts.organization_id = organization and range_id = range.id and is_folded
          where range.organization_id = organization and replaced_at is null
        ), small as (
          -- Neighbours have the same number.
          select *, row_number() over (order by from_created_at, from_id)
            - row_number() over (partition by jobs < range_max / 6 order by from_created_at, from_id) as number
          from sized
        )
        select
          (array_agg(from_created_at order by from_created_at, from_id))[1] as from_created_at,
          (array_agg(from_id order by from_created_at, from_id))[1] as from_id,
          (array_agg(until_created_at order by until_created_at desc, until_id desc))[1] as until_created_at,
          (array_agg(until_id order by until_created_at desc, until_id desc))[1] as until_id
        from small where jobs < range_max / 6 group by number having count(*) > 1 and sum(jobs) <= jobs_max
      loop
        perform cut_batch_job_ranges(
          organization, part.from_created_at, part.from_id, part.until_created_at, part.until_id, range_max / 3
        );
      end loop;
    end
    $$
  `.execute(db);

  // Folds the counts of an organization, and where `jobs_max` is not 0 mends its ranges: large ones are parted, small
  // ones joined, and those that somebody added to late counted again, but for those of more than `jobs_max` jobs.
  // Does nothing where another one is at it, or in a transaction that sees only what was there at its start.
  await sql`
    create or replace function tidy_batch_job_counts(organization text, jobs_max bigint) returns void
    language plpgsql as $$
    declare
      touched bigint[];
      total bigint;
      range_max bigint;
      part record;
    begin
      if current_setting('transaction_isolation') <> 'read committed' or not pg_try_advisory_xact_lock(${lock}) then
        return;
      end if;
      touched := fold_batch_job_counts(organization);
      if jobs_max = 0 then
        return;
      end if;

      select coalesce(sum(${jobs}), 0) into total from batch_job_counts
      where organization_id = organization and range_id = 0;
      range_max := batch_job_range_max(total);
      if exists (
        select from batch_job_counts
        where organization_id = organization and not is_folded and range_id <> 0
          and not exists (select from batch_job_ranges where id = range_id)
      ) or not exists (select from batch_job_spans where organization_id = organization) then
        -- Its writer saw no range at all; or all jobs were taken away at once.
        if total <= jobs_max then
          perform recount_batch_jobs_locked(organization);
          return;
        end if;
      end if;

      for part in
        select range.*, ${jobs} as jobs
        from batch_job_counts join batch_job_ranges as range on range.id = range_id
        where batch_job_counts.organization_id = organization and range_id = any(touched) and is_folded
          and ${jobs} > range_max
        union all
        select range.*, (
          select coalesce(sum(${jobs}), 0)
          from batch_job_ranges as now_there
          join batch_job_counts as counts
            on counts.organization_id = organization and counts.range_id = now_there.id and counts.is_folded
          where now_there.organization_id = organization and now_there.replaced_at is null
            and (now_there.from_created_at, now_there.from_id) < (range.until_created_at, range.until_id)
            and (now_there.until_created_at, now_there.until_id) > (range.from_created_at, range.from_id)
        )
        from batch_job_ranges as range
        where range.replaced_at is not null and range.id in (
          select range_id from batch_job_counts where organization_id = organization and not is_folded
        )
      loop
        continue when part.jobs > jobs_max;
        perform cut_batch_job_ranges(
          organization, part.from_created_at, part.from_id, part.until_created_at, part.until_id, range_max / 3
        );
      end loop;

      if exists (
        select from batch_job_counts
        where organization_id = organization and range_id = any(touched) and is_folded and ${jobs} < range_max / 6
      ) then
        perform join_batch_job_ranges(organization, range_max, jobs_max);
      end if;
    end
    $$
  `.execute(db);
}
