import { type Kysely, sql } from "kysely";

/**
 * What owners and people need to manage keys, members and sessions themselves.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // A key that is rotated has a successor, and lives on until its own expires_at or revoked_at.
  await sql`
    alter table api_keys
      add column successor_id text collate "C" references api_keys on delete set null,
      add column rotated_at timestamptz(3)
  `.execute(db);
  // No key succeeds two; and what deletes a key need not look through all others.
  await sql`
    create unique index api_keys_of_successor on api_keys (successor_id) where successor_id is not null
  `.execute(db);

  // The hash stays the key of a session's row; the id is what pages may name it by.
  await sql`
    alter table sessions
      add column id text collate "C" not null default gen_random_uuid(),
      add column user_agent text check (char_length(user_agent) <= 300)
  `.execute(db);

  // Accepted or cancelled, an invitation is deleted. Of its link's token only the SHA-256 is kept.
  await sql`
    create table invitations (
      id                  text collate "C" primary key,
      organization_id     text collate "C" not null references organizations on delete cascade,
      email               text not null check (char_length(email) between 3 and 254 and email = lower(email)),
      role                text not null check (role in ('owner', 'admin', 'member')),
      token_hash          bytea not null check (octet_length(token_hash) = 32),
      invited_by_user_id  text collate "C" references users on delete set null,
      created_at          timestamptz(3) not null default now(),
      expires_at          timestamptz(3) not null,
      constraint invitations_token_hash_unique unique (token_hash),
      constraint invitations_email_unique unique (organization_id, email)
    )
  `.execute(db);
  await sql`create index invitations_of_inviter on invitations (invited_by_user_id)`.execute(db);
}
