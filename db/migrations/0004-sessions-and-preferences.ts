import { type Kysely, sql } from "kysely";

/**
 * Who is signed in, what they prefer, and what their page asks for.
 *
 * A session's cookie holds a random token, of which only the SHA-256 is kept here: what deletes the row
 * ends the session on the next request, wherever the cookie was copied to.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table sessions (
      token_hash    bytea primary key check (octet_length(token_hash) = 32),
      user_id       text collate "C" not null references users on delete cascade,
      created_at    timestamptz(3) not null default now(),
      last_seen_at  timestamptz(3) not null default now(),
      expires_at    timestamptz(3) not null check (expires_at > created_at)
    )
  `.execute(db);
  await sql`create index sessions_of_user on sessions (user_id)`.execute(db);
  await sql`create index sessions_by_end on sessions (expires_at)`.execute(db);

  // In the database, so that no way of changing a password can forget it.
  await sql`
    create function end_sessions_of_user() returns trigger language plpgsql as $$
    begin
      delete from sessions where user_id = new.id;
      return null;
    end
    $$
  `.execute(db);
  await sql`
    create trigger end_sessions_when_password_changes after update of password_hash on users
    for each row when (old.password_hash is distinct from new.password_hash)
    execute function end_sessions_of_user()
  `.execute(db);

  // time_zone: null for the zone of the browser, else UTC or another name of the IANA list.
  await sql`
    alter table users
      add column time_zone text check (char_length(time_zone) between 1 and 64),
      add column last_organization_id text collate "C" references organizations on delete set null
  `.execute(db);

  // What waits for its time: the next start and what is overdue, whatever else the organization has. A change
  // of progress touches neither column.
  await sql`
    create index batch_jobs_waiting on batch_jobs (organization_id, scheduled_start_time)
    where status in ('pending', 'scheduled')
  `.execute(db);

  // The columns, in this order, are those that rate-limiter-flexible writes (RateLimiterPostgres).
  await sql`
    create table sign_in_attempts (
      key     text collate "C" primary key,
      points  integer not null default 0,
      expire  bigint
    )
  `.execute(db);
}
