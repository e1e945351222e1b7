import { type Kysely, sql } from "kysely";
import { columns, counted, jobs, summed } from "./statuses";

const lock = sql`hashtextextended('batch_job_counts ' || organization, 0)`;

/** Makes what folds counts, mends ranges and counts all anew. All of it is done by one at a time. */
export async function makeTidying(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function recount_batch_jobs_locked(organization text) returns void language plpgsql as $$
    declare
      total bigint;
    begin
      with gone as (
        delete from batch_job_counts where organization_id = organization and (
          range_id = 0 or not exists (select from batch_job_ranges where id = range_id)
        )
      )
      insert into batch_job_counts (organization_id, range_id, ${columns})
      select organization, 0, ${counted} from batch_jobs where organization_id = organization;
      -- Ranges that somebody has taken away are made again.
      insert into batch_job_ranges (organization_id, from_created_at, from_id, until_created_at, until_id)
      select organization, '-infinity', '', 'infinity', '' where not exists (
        select from batch_job_ranges where organization_id = organization and replaced_at is null
      );
      select sum(${jobs}) into total from batch_job_counts where organization_id = organization and range_id = 0;
      perform cut_batch_job_ranges(organization, '-infinity', '', 'infinity', '', batch_job_range_max(total) / 2);
    end
    $$
  `.execute(db);

  await sql`
    create function recount_batch_jobs(organization text) returns void language plpgsql as $$
    begin
      perform pg_advisory_xact_lock(${lock});
      perform recount_batch_jobs_locked(organization);
    end
    $$
  `.execute(db);

  // Folds the counts of an organization, and where `jobs_max` is not 0 mends its ranges: large ones are parted, small
  // ones joined, and those that somebody added to late counted again, but for those of more than `jobs_max` jobs.
  // Does nothing where another one is at it, or in a transaction that sees only what was there at its start.
  await sql`
    create function tidy_batch_job_counts(organization text, jobs_max bigint) returns void language plpgsql
    -- A plan made for a small organization would join the ranges of a large one in a nested loop.
    set enable_nestloop = off as $$
    declare
      total bigint;
      range_max bigint;
      part record;
    begin
      if current_setting('transaction_isolation') <> 'read committed' or not pg_try_advisory_xact_lock(${lock}) then
        return;
      end if;

      with crowded as (
        select range_id as id from batch_job_counts where organization_id = organization
        group by range_id having count(*) > 1
      ), gone as (
        delete from batch_job_counts using crowded
        where organization_id = organization and range_id = crowded.id
        returning range_id, ${columns}
      )
      insert into batch_job_counts (organization_id, range_id, ${columns})
      select organization, range_id, ${summed} from gone group by range_id;
      if jobs_max = 0 then
        return;
      end if;

      select sum(${jobs}) into total from batch_job_counts where organization_id = organization and range_id = 0;
      range_max := batch_job_range_max(total);
      if exists (
        select from batch_job_counts where organization_id = organization and range_id <> 0
          and not exists (select from batch_job_ranges where id = range_id)
      ) then
        -- Its writer saw no range at all.
        if total <= jobs_max then
          perform recount_batch_jobs_locked(organization);
          return;
        end if;
      end if;

      for part in
        with sized as (
          select range.*, coalesce(sum(${jobs}), 0) as jobs
          from batch_job_ranges as range
          left join batch_job_counts as counts
            on counts.organization_id = range.organization_id and range_id = range.id
          where range.organization_id = organization and replaced_at is null
          group by range.id
        ), small as (
          -- Neighbours have the same number.
          select *, row_number() over (order by from_created_at, from_id)
            - row_number() over (partition by jobs < range_max / 4 order by from_created_at, from_id) as number
          from sized
        ), late as (
          select range.*, (
            select sum(jobs) from sized
            where (sized.from_created_at, sized.from_id) < (range.until_created_at, range.until_id)
              and (sized.until_created_at, sized.until_id) > (range.from_created_at, range.from_id)
          ) as jobs
          from batch_job_ranges as range
          where organization_id = organization and replaced_at is not null and exists (
            select from batch_job_counts where organization_id = organization and range_id = range.id
          )
        )
        select from_created_at, from_id, until_created_at, until_id, jobs from sized where jobs > range_max
        union all
        select
          (array_agg(from_created_at order by from_created_at, from_id))[1],
          (array_agg(from_id order by from_created_at, from_id))[1],
          (array_agg(until_created_at order by until_created_at desc, until_id desc))[1],
          (array_agg(until_id order by until_created_at desc, until_id desc))[1],
          sum(jobs)
        from small where jobs < range_max / 4 group by number having count(*) > 1
        union all
        select from_created_at, from_id, until_created_at, until_id, jobs from late
      loop
        continue when part.jobs > jobs_max;
        perform cut_batch_job_ranges(
          organization, part.from_created_at, part.from_id, part.until_created_at, part.until_id, range_max / 2
        );
      end loop;
    end
    $$
  `.execute(db);
}
