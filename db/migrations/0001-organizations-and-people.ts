import { type Kysely, sql } from "kysely";

/**
 * Organizations, users, memberships, invitations and sessions.
 *
 * Identifiers use `collate "C"`, so that their order does not depend on the database's locale.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- For "set search_path from current" below: functions use the tables of their own schema, whatever the caller's
    -- search_path. pg_dump, for example, restores with an empty one.
    select set_config('search_path', format('%I, pg_temp', current_schema()), true);

    create function set_updated_at() returns trigger language plpgsql set search_path from current as $$
    begin
      new.updated_at := now();
      return new;
    end
    $$;

    create table organizations (
      id          text collate "C" primary key check (id ~ '^[A-Za-z0-9_-]{1,128}$'),
      name        text not null check (char_length(name) between 1 and 200),
      created_at  timestamptz(3) not null default now(),
      updated_at  timestamptz(3) not null default now()
    );

    create table users (
      id                    text collate "C" primary key,
      email                 text not null check (char_length(email) between 3 and 254 and email = lower(email)),
      name                  text check (char_length(name) between 1 and 200),
      password_hash         text not null,
      -- UTC or an IANA name; null means the browser's time zone.
      time_zone             text check (char_length(time_zone) between 1 and 64),
      last_organization_id  text collate "C" references organizations on delete set null,
      created_at            timestamptz(3) not null default now(),
      updated_at            timestamptz(3) not null default now(),
      constraint users_email_unique unique (email)
    );

    create table memberships (
      organization_id  text collate "C" not null references organizations on delete cascade,
      user_id          text collate "C" not null references users on delete cascade,
      role             text collate "C" not null check (role in ('owner', 'admin', 'member')),
      created_at       timestamptz(3) not null default now(),
      updated_at       timestamptz(3) not null default now(),
      primary key (organization_id, user_id)
    );
    create index memberships_by_user on memberships (user_id);

    create trigger set_updated_at before update on organizations
    for each row when (old.* is distinct from new.*) execute function set_updated_at();
    create trigger set_updated_at before update on users
    for each row when (old.* is distinct from new.*) execute function set_updated_at();
    create trigger set_updated_at before update on memberships
    for each row when (old.* is distinct from new.*) execute function set_updated_at();

    -- Invitations are deleted when they are accepted or cancelled. token_hash is the SHA-256 of the link's token.
    create table invitations (
      organization_id     text collate "C" not null references organizations on delete cascade,
      id                  text collate "C" not null,
      email               text not null check (char_length(email) between 3 and 254 and email = lower(email)),
      role                text collate "C" not null check (role in ('owner', 'admin', 'member')),
      token_hash          bytea not null check (octet_length(token_hash) = 32),
      invited_by_user_id  text collate "C" references users on delete set null,
      created_at          timestamptz(3) not null default now(),
      expires_at          timestamptz(3) not null,
      primary key (organization_id, id),
      constraint invitations_token_hash_unique unique (token_hash),
      constraint invitations_email_unique unique (organization_id, email)
    );
    create index invitations_by_inviter on invitations (invited_by_user_id);

    -- token_hash is the SHA-256 of the cookie's random token. Deleting a row ends the session on the next request, even
    -- for copies of the cookie. Pages refer to a session by its id.
    create table sessions (
      token_hash    bytea primary key check (octet_length(token_hash) = 32),
      id            text collate "C" not null default gen_random_uuid(),
      user_id       text collate "C" not null references users on delete cascade,
      user_agent    text check (char_length(user_agent) <= 300),
      created_at    timestamptz(3) not null default now(),
      last_seen_at  timestamptz(3) not null default now(),
      expires_at    timestamptz(3) not null check (expires_at > created_at)
    );
    create index sessions_by_user on sessions (user_id);
    create index sessions_by_expiry on sessions (expires_at);

    -- A trigger, so that every change of a password ends the sessions.
    create function end_sessions_of_user() returns trigger language plpgsql set search_path from current as $$
    begin
      delete from sessions where user_id = new.id;
      return null;
    end
    $$;
    create trigger end_sessions_on_password_change after update of password_hash on users
    for each row when (old.password_hash is distinct from new.password_hash)
    execute function end_sessions_of_user();

    -- A row for each secret in an encrypted cookie that has not been shown: deleting the row allows showing it once.
    -- token_hash is the SHA-256 of the cookie's token.
    create table flash_secrets (
      token_hash  bytea primary key check (octet_length(token_hash) = 32),
      expires_at  timestamptz(3) not null
    );

    -- The columns and their order are those of rate-limiter-flexible (RateLimiterPostgres).
    create table sign_in_attempts (
      key     text collate "C" primary key,
      points  integer not null default 0,
      expire  bigint
    );
  `.execute(db);
}
