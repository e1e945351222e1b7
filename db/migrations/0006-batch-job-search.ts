import { type Kysely, sql } from "kysely";

const running = { xid: sql.raw("9223372036854775807"), at: sql.raw("'infinity'") };

/** In a trigger: sets the columns of the last change, after `updated_at`. */
const setChange = sql`
      new.updated_xid := pg_current_xact_id()::text::bigint;
      if new.status = 'running' then
        new.settled_xid := ${running.xid};
        new.settled_at := ${running.at};
      else
        new.settled_xid := new.updated_xid;
        new.settled_at := new.updated_at;
      end if;`;

/**
 * What searching, sorting and following changes of batch jobs needs.
 *
 * A progress update may not change an indexed column, or PostgreSQL has to write to each of the table's indexes instead
 * of only to the row's page (a heap-only tuple). Therefore `settled_at` and `settled_xid` are indexed in place of
 * `updated_at` and `updated_xid`: they are the same, except for running jobs, which all have the greatest value.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(db);
  const schema = rows[0]?.schema ?? "public";
  await sql`
    select set_config('search_path', format('%I, pg_temp', current_schema()), true);

    -- Lower case without accents. A text of ASCII characters has none, which is quicker to find out.
    -- With the collation of ICU, as others, such as "C", may know only ASCII letters.
    create function fold_text(value text) returns text language plpgsql immutable parallel safe
    set search_path from current as $$
    begin
      if octet_length(value) = char_length(value) then
        return lower(value collate "C");
      end if;
      return left(normalize(replace(replace(replace(translate(
        lower(regexp_replace(normalize(value, nfkd), E'[\\u0300-\\u036f]', '', 'g') collate "${sql.raw(await caseCollation(db))}") collate "C",
        'øłđħŧı', 'oldhti'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), nfc), 400);
    end
    $$;

    -- Triggers set these: generated columns would be computed by each update, and a trigger for changed rows cannot
    -- have them in its condition.
    alter table batch_jobs
      -- The transaction of the last change.
      add column updated_xid  bigint,
      add column settled_xid  bigint,
      add column settled_at   timestamptz(3),
      add column name_search  text collate "C";
    alter table batch_jobs disable trigger zz_before_update;
    update batch_jobs set updated_xid = pg_current_xact_id()::text::bigint, name_search = fold_text(name),
      settled_xid = case when status = 'running' then ${running.xid} else pg_current_xact_id()::text::bigint end,
      settled_at = case when status = 'running' then ${running.at} else updated_at end;
    alter table batch_jobs enable trigger zz_before_update;
    alter table batch_jobs
      alter column updated_xid set not null, alter column settled_xid set not null,
      alter column settled_at set not null, alter column name_search set not null;

    create function before_batch_job_insert() returns trigger language plpgsql set search_path from current as $$
    begin
      ${setChange}
      new.name_search := fold_text(new.name);
      return new;
    end
    $$;
    create trigger zz_before_insert before insert on batch_jobs
    for each row execute function before_batch_job_insert();

    create or replace function before_batch_job_update() returns trigger language plpgsql as $$
    begin
      -- A claim alone is no progress: a job whose calls are claimed and never dialed is stalled.
      if old is not distinct from new
        or (old.last_claimed_at is distinct from new.last_claimed_at and old.status = new.status)
      then
        return new;
      end if;
      -- Never back, which a transaction that began before another one's change would do.
      new.updated_at := greatest(now(), old.updated_at);
      ${setChange}
      if new.name <> old.name then
        new.name_search := ${sql.id(schema)}.fold_text(new.name);
      end if;
      if (old.organization_id, old.created_at, old.status) is distinct from (new.organization_id, new.created_at, new.status)
      then
        perform set_config('batch_jobs.counts_changed', 'yes', true);
      end if;
      return new;
    end
    $$;

    -- For each order. With the status, so that jobs of another one are skipped without reading them, and those of times
    -- with the other times, so that a range of one can be sorted by another.
    create index batch_jobs_by_name on batch_jobs (organization_id, name_search, id) include (status);
    create index batch_jobs_by_scheduled_start on batch_jobs (organization_id, scheduled_start_time, id)
    include (status, created_at, actual_start_time, completed_at);
    create index batch_jobs_by_actual_start on batch_jobs (organization_id, actual_start_time, id)
    include (status, created_at, scheduled_start_time, completed_at);
    create index batch_jobs_by_completion on batch_jobs (organization_id, completed_at, id)
    include (status, created_at, scheduled_start_time, actual_start_time);
    create index batch_jobs_by_change on batch_jobs (organization_id, settled_at, id) include (status);
    create index batch_jobs_by_transaction on batch_jobs (organization_id, settled_xid);
    -- An agent and a phone number can have many jobs, of which few have the other or a status.
    create index batch_jobs_by_agent on batch_jobs (organization_id, agent_id, created_at desc, id desc)
    include (status, from_phone_number_id);
    create index batch_jobs_by_phone_number on batch_jobs (organization_id, from_phone_number_id, created_at desc, id desc)
    include (status);

    -- Finds a part of a name that few jobs have. Without the extension, which not every server has or lets this role
    -- create, such a search reads all jobs of the organization. It may exist already, in any schema.
    do $$
    declare
      extension_schema text;
    begin
      create extension if not exists pg_trgm;
      select nspname into strict extension_schema
      from pg_extension join pg_namespace on pg_namespace.oid = extnamespace where extname = 'pg_trgm';
      execute format('create index batch_jobs_by_trigram on batch_jobs using gin (name_search %I.gin_trgm_ops)', extension_schema);
    exception when others then
      raise notice 'searching without pg_trgm: %', sqlerrm;
    end
    $$;
  `.execute(db);
}

/** A collation that knows the lower case of all letters, on every server that has one. */
async function caseCollation(db: Kysely<unknown>): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select wanted.name from unnest(array['und-x-icu', 'pg_c_utf8', 'C.utf8']) with ordinality as wanted (name, place)
    where exists (
      select from pg_collation
      where collname = wanted.name and collencoding in (-1, pg_char_to_encoding(getdatabaseencoding()))
    )
    order by place limit 1
  `.execute(db);
  return rows[0]?.name ?? "default";
}
