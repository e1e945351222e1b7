import { type Kysely, sql } from "kysely";

/**
 * One row for each secret that waits in a sealed cookie to be shown: whoever deletes the row may show it. Of the cookie's
 * token only the SHA-256 is kept, and nothing of the secret.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table unshown_secrets (
      token_hash  bytea primary key check (octet_length(token_hash) = 32),
      expires_at  timestamptz(3) not null
    )
  `.execute(db);
}
