import { type Kysely, sql } from "kysely";

/**
 * API keys belong to the organization, and remain when their creator leaves. `key_hash` is the SHA-256 of the key;
 * `key_start` and `key_last_four` let people recognize it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table api_keys (
      organization_id     text collate "C" not null references organizations on delete cascade,
      id                  text collate "C" not null,
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
      -- A rotated key has a successor, and remains valid until its expires_at or revoked_at.
      successor_id        text collate "C",
      rotated_at          timestamptz(3),
      primary key (organization_id, id),
      foreign key (organization_id, successor_id) references api_keys on delete set null (successor_id),
      constraint api_keys_key_hash_unique unique (key_hash),
      constraint api_keys_successor_unique unique (organization_id, successor_id)
    );
    create index api_keys_by_creation on api_keys (organization_id, created_at desc);

    -- Not for last_used_at: using a key does not change it.
    create trigger set_updated_at
    before update of name, expires_at, revoked_at on api_keys
    for each row when (old.* is distinct from new.*) execute function set_updated_at();
  `.execute(db);
}
