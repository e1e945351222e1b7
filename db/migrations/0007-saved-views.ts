import { type Kysely, sql } from "kysely";

/** Views of the jobs page that people save for themselves. They end with the membership. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table saved_views (
      organization_id  text collate "C" not null,
      user_id          text collate "C" not null,
      id               text collate "C" not null default gen_random_uuid(),
      name             text not null check (char_length(name) between 1 and 50),
      -- The filters and the order, as in the page's address.
      query            text not null check (char_length(query) between 1 and 8000),
      is_default       boolean not null default false,
      created_at       timestamptz(3) not null default now(),
      primary key (organization_id, user_id, id),
      foreign key (organization_id, user_id) references memberships on delete cascade,
      constraint saved_views_name_unique unique (organization_id, user_id, name)
    );
    create unique index saved_views_default on saved_views (organization_id, user_id) where is_default;
  `.execute(db);
}
