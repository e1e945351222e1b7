import { type Kysely, sql } from "kysely";

/**
 * Organizations, people, who belongs to which organization, and who is signed in.
 *
 * Identifiers compare byte by byte (`collate "C"`), so their order is the same on every installation, whatever the
 * locale of its database.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Functions find the tables of the schema that they are installed in, whatever the search_path of the session that
    -- calls them: see "set search_path from current" below. pg_dump, for one, restores with an empty one.
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
      -- Null means the time zone of the browser; otherwise UTC or an IANA name.
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

    -- An invitation is deleted when it is accepted or cancelled. Only the SHA-256 of its link's token is stored.
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

    -- The cookie holds a random token, of which only the SHA-256 is stored: deleting the row ends the session on the
    -- next request, wherever the cookie was copied to. Pages name a session by its id.
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

    -- In the database, so that no way of changing a password can forget it.
    create function end_sessions_of_user() returns trigger language plpgsql set search_path from current as $$
    begin
      delete from sessions where user_id = new.id;
      return null;
    end
    $$;
    create trigger end_sessions_on_password_change after update of password_hash on users
    for each row when (old.password_hash is distinct from new.password_hash)
    execute function end_sessions_of_user();

    -- One row for each secret that waits in a sealed cookie to be shown: whoever deletes the row may show it. Only the
    -- SHA-256 of the cookie's token is stored, and nothing of the secret.
    create table flash_secrets (
      token_hash  bytea primary key check (octet_length(token_hash) = 32),
      expires_at  timestamptz(3) not null
    );

    -- Columns and order are those that rate-limiter-flexible writes (RateLimiterPostgres).
    create table sign_in_attempts (
      key     text collate "C" primary key,
      points  integer not null default 0,
      expire  bigint
    );
  `.execute(db);
}
