import { type Kysely, sql } from "kysely";

/**
 * Who there is: organizations, people, and who belongs where.
 *
 * Identifiers compare byte by byte (`collate "C"`), so that order is the same on every installation,
 * whatever locale its database was made with.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function keep_updated_at() returns trigger language plpgsql as $$
    begin
      new.updated_at := now();
      return new;
    end
    $$
  `.execute(db);

  await sql`
    create table organizations (
      id          text collate "C" primary key check (id ~ '^[A-Za-z0-9_-]{1,128}$'),
      name        text not null check (char_length(name) between 1 and 200),
      created_at  timestamptz(3) not null default now(),
      updated_at  timestamptz(3) not null default now()
    )
  `.execute(db);

  await sql`
    create table users (
      id             text collate "C" primary key,
      email          text not null check (char_length(email) between 3 and 254 and email = lower(email)),
      name           text check (char_length(name) between 1 and 200),
      password_hash  text not null,
      created_at     timestamptz(3) not null default now(),
      updated_at     timestamptz(3) not null default now(),
      constraint users_email_unique unique (email)
    )
  `.execute(db);

  await sql`
    create table memberships (
      organization_id  text collate "C" not null references organizations on delete cascade,
      user_id          text collate "C" not null references users on delete cascade,
      role             text not null check (role in ('owner', 'admin', 'member')),
      created_at       timestamptz(3) not null default now(),
      updated_at       timestamptz(3) not null default now(),
      primary key (organization_id, user_id)
    )
  `.execute(db);
  await sql`create index memberships_of_user on memberships (user_id)`.execute(db);

  for (const table of ["organizations", "users", "memberships"]) {
    await sql`
      create trigger keep_updated_at before update on ${sql.table(table)}
      for each row when (old.* is distinct from new.*) execute function keep_updated_at()
    `.execute(db);
  }
}
