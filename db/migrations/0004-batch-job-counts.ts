import { type Kysely, sql } from "kysely";
import { statuses } from "./0003-batch-jobs";

const forEachStatus = (write: (status: string) => string) => sql.raw(statuses.map(write).join(", "));

const columns = sql`organization_id, period, starts_on, ${forEachStatus((status) => status)}`;
const sums = forEachStatus((status) => `sum(${status})`);
const hasSums = sql`(${sums}) <> (${forEachStatus(() => "0")})`;

/** Aggregates `jobs` (organization_id, created_at, status, and the number n) into rows of batch_job_counts. */
const countsOf = (jobs: ReturnType<typeof sql>) => sql`
  select organization_id, period, starts_on,
    ${forEachStatus((status) => `sum(n * (status = '${status}')::int) as ${status}`)}
  from (${jobs}) as job
  cross join lateral (values
    ('all', date '-infinity'),
    ('month', date_trunc('month', created_at at time zone 'UTC')::date),
    ('day', (created_at at time zone 'UTC')::date)
  ) as bucket (period, starts_on)
  group by organization_id, period, starts_on
`;

const jobsOf = (table: string, n: 1 | -1) =>
  sql.raw(`select organization_id, created_at, status, ${n} as n from ${table}`);

const addCounts = (jobs: ReturnType<typeof sql>) => sql`
  insert into batch_job_counts (${columns})
  select ${columns} from (${countsOf(jobs)}) as change
  where (${forEachStatus((status) => status)}) <> (${forEachStatus(() => "0")});
`;

/**
 * The number of an organization's jobs of each status: in total, in each UTC month, and on each UTC day of `created_at`.
 * The list reads its total from them, and finds a deep page by adding up months, and then the days of a month.
 *
 * A count is the sum of the rows of its period. Writes only add rows, so that they never wait for each other; one in a
 * hundred statements folds the rows of a period into one. Sums are exact in every snapshot.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    select set_config('search_path', format('%I, pg_temp', current_schema()), true);

    -- A foreign key would cost each write a lookup.
    create table batch_job_counts (
      organization_id  text collate "C" not null,
      period           text collate "C" not null check (period in ('all', 'month', 'day')),
      starts_on        date not null,
      ${forEachStatus((status) => `${status} integer not null`)}
    ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
    create index batch_job_counts_by_period on batch_job_counts (organization_id, period, starts_on);
    -- Without a replica identity, rows of a table in a publication cannot be deleted.
    alter table batch_job_counts replica identity full;

    create function fold_batch_job_counts(organization text) returns void language plpgsql set search_path from current as $$
    begin
      -- With a transaction-wide snapshot, rows that another transaction has folded meanwhile would be an error.
      if current_setting('transaction_isolation') <> 'read committed' then
        return;
      end if;
      with crowded as (
        select period, starts_on from batch_job_counts where organization_id = organization
        group by period, starts_on having count(*) > 1
      ), taken as (
        -- Skips rows that another transaction is folding.
        select batch_job_counts.ctid from batch_job_counts join crowded using (period, starts_on)
        where organization_id = organization
        for update of batch_job_counts skip locked
      ), folded as (
        delete from batch_job_counts where ctid = any (array(select ctid from taken)) returning ${columns}
      )
      insert into batch_job_counts (${columns})
      select organization_id, period, starts_on, ${sums} from folded
      group by organization_id, period, starts_on having ${hasSums};
    end
    $$;

    create function count_batch_jobs() returns trigger language plpgsql set search_path from current as $$
    begin
      if tg_op = 'INSERT' then
        ${addCounts(jobsOf("new_rows", 1))}
      elsif tg_op = 'DELETE' then
        ${addCounts(jobsOf("old_rows", -1))}
      elsif current_setting('batch_jobs.counts_changed', true) is distinct from 'yes' then
        return null;
      else
        ${addCounts(sql`${jobsOf("old_rows", -1)} union all ${jobsOf("new_rows", 1)}`)}
      end if;
      if random() < 0.01 then
        if tg_op = 'DELETE' then
          perform fold_batch_job_counts(organization_id) from (select distinct organization_id from old_rows limit 100) as changed;
        else
          perform fold_batch_job_counts(organization_id) from (select distinct organization_id from new_rows limit 100) as changed;
        end if;
      end if;
      return null;
    end
    $$;

    create trigger count_after_insert after insert on batch_jobs
    referencing new table as new_rows for each statement execute function count_batch_jobs();
    create trigger count_after_delete after delete on batch_jobs
    referencing old table as old_rows for each statement execute function count_batch_jobs();

    -- A progress update changes no count and must stay fast: this trigger records for the rest of the transaction that
    -- counts have changed. Its name sorts last, after triggers that may change the status. Its function has no search_path
    -- of its own, which would take a twentieth of the update's time, and refers to nothing that needs one. Neither
    -- trigger has a condition: PostgreSQL parses those again for each statement, but a function once in a session.
    create function before_batch_job_update() returns trigger language plpgsql as $$
    begin
      if old is not distinct from new then
        return new;
      end if;
      new.updated_at := now();
      if (old.organization_id, old.created_at, old.status) is distinct from (new.organization_id, new.created_at, new.status)
      then
        perform set_config('batch_jobs.counts_changed', 'yes', true);
      end if;
      return new;
    end
    $$;
    create trigger zz_before_update before update on batch_jobs
    for each row execute function before_batch_job_update();
    create trigger count_after_update after update on batch_jobs
    referencing old table as old_rows new table as new_rows for each statement execute function count_batch_jobs();

    create function truncate_batch_job_counts() returns trigger language plpgsql set search_path from current as $$
    begin
      truncate batch_job_counts;
      return null;
    end
    $$;
    create trigger count_after_truncate after truncate on batch_jobs
    for each statement execute function truncate_batch_job_counts();

    -- The differences between the jobs and the counts of an organization; no rows when the counts are correct.
    create function batch_job_count_errors(organization text) returns setof batch_job_counts language sql stable set search_path from current as $$
      select organization_id, period, starts_on, ${sums}
      from (
        ${countsOf(sql`select organization_id, created_at, status, 1 as n from batch_jobs where organization_id = organization`)}
        union all
        select organization_id, period, starts_on, ${forEachStatus((status) => `-${status}`)}
        from batch_job_counts where organization_id = organization
      ) as difference
      group by organization_id, period, starts_on having ${hasSums}
    $$;
  `.execute(db);
}
