import { type Kysely, sql } from "kysely";
import { columns, each } from "../0005/statuses";

/** The range that a job belongs to, as its writer sees ranges; -1 where they see none. */
const rangeOf = (organizationId: string, createdAt: string, id: string) =>
  sql.raw(`coalesce((
    select id from batch_job_ranges
    where organization_id = ${organizationId} and replaced_at is null
      and (from_created_at, from_id) <= (${createdAt}, ${id})
    order by from_created_at desc, from_id desc
    limit 1
  ), -1)`);

type Table = "came" | "went";
const keys = sql`organization_id, created_at, id, status`;

/** The jobs of one of a statement's tables, but for those that are in `except` just as well. */
const changes = (n: 1 | -1, from: Table, except?: Table) => sql`
  select ${keys}, ${sql.lit(n)} as n from (
    select ${keys} from ${sql.raw(from)} ${except ? sql`except all select ${keys} from ${sql.raw(except)}` : sql``}
  ) as ${sql.raw(`those_that_${from}`)}
`;

const summed = each((status) => `coalesce(sum(n) filter (where status = '${status}'), 0) as ${status}`);

/** Counts the jobs of a statement: of each organization at once where they are in one range, as new ones are. */
const countMany = (jobs: ReturnType<typeof changes>) => sql`
  insert into batch_job_counts (organization_id, range_id, ${columns})
  with change as materialized (${jobs}), bounded as (
    select
      organization_id, ${summed},
      min(created_at) as first_created_at, min(id) as first_id, max(created_at) as last_created_at, max(id) as last_id
    from change group by organization_id
  ), total as materialized (
    select
      *, ${rangeOf("bounded.organization_id", "first_created_at", "first_id")} as first_range,
      ${rangeOf("bounded.organization_id", "last_created_at", "last_id")} as last_range
    from bounded
  )
  select organization_id, range_id, ${columns}
  from total cross join lateral (values (0), (first_range)) as range (range_id)
  where range_id = 0 or first_range = last_range
  union all
  select organization_id, range_id, ${summed}
  from (
    select organization_id, status, n, ${rangeOf("change.organization_id", "created_at", "change.id")} as range_id
    from change
    where exists (select from total where organization_id = change.organization_id and first_range <> last_range)
  ) as placed
  group by organization_id, range_id;
`;

/** Counts the only job of a statement, in a sixth of the time. `n` is how many of each status it makes more. */
const countOne = (from: string, n: (status: string) => string) =>
  sql`
    insert into batch_job_counts (organization_id, range_id, ${columns})
    select organization_id, range.id, ${each(n)}
    from ${sql.raw(from)}
    cross join lateral (values (0), (${rangeOf("came.organization_id", "came.created_at", "came.id")})) as range (id)
  `;

const kinds = [
  {
    event: "insert",
    changed: "came",
    many: countMany(changes(1, "came")),
    one: sql`${countOne("came", (status) => `(status = '${status}')::int`)};`,
  },
  {
    event: "delete",
    changed: "went",
    many: countMany(changes(-1, "went")),
    one: sql`${countOne("went as came", (status) => `-(status = '${status}')::int`)};`,
  },
  {
    event: "update",
    changed: "came",
    many: countMany(sql`${changes(-1, "went", "came")} union all ${changes(1, "came", "went")}`),
    // One that moved in the list's order, or changed nothing that is counted, is left to the other way.
    one: sql`
      ${countOne(
        "came join went using (organization_id, created_at, id)",
        (status) => `(came.status = '${status}')::int - (went.status = '${status}')::int`,
      )}
      where came.status <> went.status;
    `,
  },
];

/** Makes anew what notes a change and counts each statement's jobs, in all and in their ranges. */
export async function makeTriggers(db: Kysely<unknown>): Promise<void> {
  // One trigger for what were two before an update: each costs a change of progress its condition. By its name the last
  // one, as others may change the job, too. Noted for the rest of the transaction, as a statement may run inside of
  // another one.
  await sql`
    create function keep_batch_job() returns trigger language plpgsql as $$
    begin
      new.updated_at := now();
      if (old.organization_id, old.created_at, old.id, old.status)
        is distinct from (new.organization_id, new.created_at, new.id, new.status)
      then
        perform set_config('batch_jobs.moved', 'yes', true);
      end if;
      return new;
    end
    $$
  `.execute(db);
  await sql`drop trigger keep_updated_at on batch_jobs`.execute(db);
  await sql`drop trigger zz_note_moved on batch_jobs`.execute(db);
  await sql`drop function note_batch_job_moved()`.execute(db);
  await sql`
    create trigger zz_keep before update on batch_jobs
    for each row when (old.* is distinct from new.*) execute function keep_batch_job()
  `.execute(db);

  for (const { event, changed, many, one } of kinds) {
    await sql`
      create or replace function ${sql.raw(`count_batch_jobs_after_${event}`)}() returns trigger language plpgsql as $$
      declare
        changed bigint;
        dice double precision := random();
      begin
        select count(*) into changed from ${sql.raw(changed)};
        if changed = 0 then
          return null;
        elsif changed = 1 then
          ${one}
        end if;
        if not found or changed > 1 then
          ${many}
        end if;

        -- Now and then is enough, and after much at once; ranges need it more seldom than counts. A transaction of many
        -- statements asks once for each organization, and for a hundred at most: each needs a lock.
        if changed >= 1000 or dice < 0.01 then
          insert into batch_job_counts_to_tidy (organization_id, jobs_max)
          select organization_id, case when changed >= 1000 or dice < 0.001 then greatest(200000, 4 * changed) else 0 end
          from (
            select organization_id from ${sql.raw(changed)} as job
            where not exists (
              select from batch_job_counts_to_tidy as asked
              where asked.organization_id = job.organization_id and (changed < 1000 or jobs_max > 0)
            )
            group by organization_id order by count(*) desc
            limit greatest(0, 100 - (select count(*) from batch_job_counts_to_tidy))
          ) as most;
        end if;
        return null;
      end
      $$
    `.execute(db);
  }
  await sql`drop function count_batch_job(text, timestamptz, text, text, text)`.execute(db);
}
