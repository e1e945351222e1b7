import { type Kysely, sql } from "kysely";

/**
 * API keys belong to the organization, not to the person who made them: they live on when that person
 * leaves. Only the SHA-256 of a key is kept; `key_start` and `key_last_four` let people recognize it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table api_keys (
      id                  text collate "C" primary key,
      organization_id     text collate "C" not null references organizations on delete cascade,
      name                text not null check (char_length(name) between 1 and 50),
      key_hash            bytea not null check (octet_length(key_hash) = 32),
      key_start           text not null,
      key_last_four       text not null check (char_length(key_last_four) = 4),
      created_by_user_id  text collate "C" references users on delete set null,
      created_at          timestamptz(3) not null default now(),
      updated_at          timestamptz(3) not null default now(),
      expires_at          timestamptz(3) check (expires_at > created_at),
      revoked_at          timestamptz(3),
      last_used_at        timestamptz(3),
      constraint api_keys_key_hash_unique unique (key_hash)
    )
  `.execute(db);
  await sql`create index api_keys_of_organization on api_keys (organization_id, created_at desc)`.execute(db);

  // Using a key is no change of the key, so last_used_at alone leaves updated_at as it is.
  await sql`
    create trigger keep_updated_at
    before update of name, expires_at, revoked_at on api_keys
    for each row when (old.* is distinct from new.*) execute function keep_updated_at()
  `.execute(db);
}
