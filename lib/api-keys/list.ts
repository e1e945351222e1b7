import { sql } from "kysely";
import { database } from "../database";
import type { Viewer } from "../viewer";

export interface ApiKeySummary {
  id: string;
  name: string;
  start: string;
  lastFour: string;
  state: "active" | "expired" | "revoked";
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

/** Keys of the viewer's organization, newest first, ended ones too. Neither key nor hash is among it. */
export async function listApiKeys(viewer: Viewer): Promise<ApiKeySummary[]> {
  viewer.mustManage();
  const state = sql<ApiKeySummary["state"]>`
    case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'active' end
  `;
  return database()
    .selectFrom("api_keys")
    .where("organization_id", "=", viewer.organizationId)
    .select(["id", "name", "key_start as start", "key_last_four as lastFour", state.as("state")])
    .select(["created_at as createdAt", "expires_at as expiresAt", "last_used_at as lastUsedAt"])
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .execute();
}
