import { type Kysely, sql } from "kysely";
import { columns, each } from "./statuses";

/** The range that a job belongs to, as its writer sees ranges; -1 where they see none. */
const rangeOf = (job: { organizationId: string; createdAt: string; id: string }) =>
  sql.raw(`coalesce((
    select id from batch_job_ranges
    where organization_id = ${job.organizationId} and replaced_at is null
      and (from_created_at, from_id) <= (${job.createdAt}, ${job.id})
    order by from_created_at desc, from_id desc
    limit 1
  ), -1)`);

const keys = sql`organization_id, created_at, id, status`;

/** The jobs of one of a statement's tables, but for those that are in `except` just as well. */
const changes = (n: 1 | -1, from: "came" | "went", except?: "came" | "went") => sql`
  select ${keys}, ${sql.lit(n)} as n from (
    select ${keys} from ${sql.raw(from)} ${except ? sql`except all select ${keys} from ${sql.raw(except)}` : sql``}
  ) as ${sql.raw(`those_that_${from}`)}
`;

/** Counts the only job of a statement, `was` and `becomes` being its status or null. */
const countOne = (job: string, was: string, becomes: string) =>
  sql.raw(
    `perform count_batch_job(${job}.organization_id, ${job}.created_at, ${job}.id, ${was}, ${becomes});`,
  );

const noteOne = (table: "came" | "went") => sql`
  select count(*) as jobs, min(organization_id) as organization_id, min(created_at) as created_at,
    min(id) as id, min(status) as status
  into ${sql.raw(table)}_job from ${sql.raw(table)};
`;

const kinds = [
  {
    event: "insert",
    tables: "new table as came",
    isCounted: sql``,
    changed: "came",
    note: noteOne("came"),
    many: changes(1, "came"),
    one: countOne("came_job", "null", "came_job.status"),
  },
  {
    event: "delete",
    tables: "old table as went",
    isCounted: sql``,
    changed: "went",
    note: noteOne("went"),
    many: changes(-1, "went"),
    one: countOne("went_job", "went_job.status", "null"),
  },
  {
    event: "update",
    tables: "old table as went new table as came",
    isCounted: sql`when (current_setting('batch_jobs.moved', true) = 'yes')`,
    changed: "came",
    note: sql`${noteOne("went")} ${noteOne("came")}`,
    many: sql`${changes(-1, "went", "came")} union all ${changes(1, "came", "went")}`,
    one: sql`
      if (went_job.organization_id, went_job.created_at, went_job.id)
        = (came_job.organization_id, came_job.created_at, came_job.id)
      then
        ${countOne("came_job", "went_job.status", "came_job.status")}
      else
        ${countOne("went_job", "went_job.status", "null")}
        ${countOne("came_job", "null", "came_job.status")}
      end if;
    `,
  },
];

/** Makes what counts each statement's jobs, in all and in their ranges. */
export async function makeTriggers(db: Kysely<unknown>): Promise<void> {
  // Most statements write one job: this takes a sixth of the time of the statement for many.
  await sql`
    create function count_batch_job(organization text, at timestamptz, job text, was text, becomes text)
    returns void language plpgsql as $$
    begin
      if was is not distinct from becomes then
        return;
      end if;
      insert into batch_job_counts (organization_id, range_id, ${columns})
      select organization, range.id, ${each((status) => `(becomes is not distinct from '${status}')::int - (was is not distinct from '${status}')::int`)}
      from (values (0), (${rangeOf({ organizationId: "organization", createdAt: "at", id: "job" })})) as range (id);
    end
    $$
  `.execute(db);

  for (const { event, tables, isCounted, changed, note, many, one } of kinds) {
    const name = sql.raw(`count_batch_jobs_after_${event}`);
    await sql`
      create function ${name}() returns trigger language plpgsql as $$
      declare
        went_job record;
        came_job record;
        changed bigint;
        dice double precision := random();
      begin
        ${note}
        changed := ${sql.raw(changed)}_job.jobs;
        if changed = 0 then
          return null;
        elsif changed = 1 then
          ${one}
        else
          insert into batch_job_counts (organization_id, range_id, ${columns})
          select
            organization_id, range.id,
            ${each((status) => `coalesce(sum(n) filter (where status = '${status}'), 0)`)}
          from (${many}) as change
          cross join lateral (values
            (0),
            (${rangeOf({ organizationId: "change.organization_id", createdAt: "change.created_at", id: "change.id" })})
          ) as range (id)
          group by organization_id, range.id;
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
    await sql`
      create trigger count_after_${sql.raw(event)} after ${sql.raw(event)} on batch_jobs
      referencing ${sql.raw(tables)} for each statement ${isCounted} execute function ${name}()
    `.execute(db);
  }
}
