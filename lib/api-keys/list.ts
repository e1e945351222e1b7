import { sql } from "kysely";
import type { ApiKeyScope } from "../access/permissions";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { hasEnded, hasSuccessor } from "./state";

export type ApiKeyState = "active" | "expiring" | "rotating" | "expired" | "revoked";

export interface ApiKeySummary {
  id: string;
  name: string;
  start: string;
  lastFour: string;
  scopes: ApiKeyScope[];
  state: ApiKeyState;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
  /** Null if it was created on the command line, or by a person who was deleted since. */
  creator: string | null;
  isCreatorMember: boolean;
  /** The key that replaces it, which may have ended. */
  successorId: string | null;
  /** When the successor was created. */
  rotatedAt: Date | null;
  /** The key that it replaces. */
  predecessorId: string | null;
}

/** Days before expiry at which the notices become more urgent. */
export const expiryNoticeDays = [30, 14, 7] as const;

const [early, late, last] = expiryNoticeDays;
const lifetime = sql`api_keys.expires_at - api_keys.created_at`;

/** No notice right after creation: only for keys that live longer than the notice's days. */
const noticeDays = sql<number>`
  case
    when ${lifetime} > make_interval(days => ${early}) then ${early}::int
    when ${lifetime} > make_interval(days => ${late}) then ${late}::int
    else ${last}::int
  end
`;
const isExpiring = sql<boolean>`api_keys.expires_at <= now() + make_interval(days => ${noticeDays})`;

const state = sql<ApiKeyState>`
  case
    when api_keys.revoked_at is not null then 'revoked'
    when api_keys.expires_at <= now() then 'expired'
    when ${hasSuccessor} then 'rotating'
    when ${isExpiring} then 'expiring'
    else 'active'
  end
`;

export function isUsable(key: Pick<ApiKeySummary, "state">): boolean {
  return key.state !== "expired" && key.state !== "revoked";
}

const listedMax = 1_000;

/**
 * The keys of the viewer's organization, at most 1,000: expiring ones, then other usable ones, then ended ones, the
 * latter two newest first.
 *
 * @param id to get only this key.
 */
export async function listApiKeys(viewer: Viewer, id?: string): Promise<ApiKeySummary[]> {
  viewer.require("viewSettings");
  return database()
    .selectFrom("api_keys")
    .leftJoin("users as creator", "creator.id", "api_keys.created_by_user_id")
    .leftJoin("memberships as membership", (join) =>
      join
        .onRef("membership.user_id", "=", "creator.id")
        .onRef("membership.organization_id", "=", "api_keys.organization_id"),
    )
    .leftJoin("api_keys as predecessor", (join) =>
      join
        .onRef("predecessor.successor_id", "=", "api_keys.id")
        .onRef("predecessor.organization_id", "=", "api_keys.organization_id"),
    )
    .where("api_keys.organization_id", "=", viewer.organizationId)
    .$if(id !== undefined, (query) => query.where("api_keys.id", "=", id ?? ""))
    .select(["api_keys.id", "api_keys.name", "api_keys.key_start as start", "api_keys.scopes"])
    .select(["api_keys.key_last_four as lastFour", state.as("state"), "api_keys.created_at as createdAt"])
    .select(["api_keys.expires_at as expiresAt", "api_keys.revoked_at as revokedAt"])
    .select(["api_keys.last_used_at as lastUsedAt", "api_keys.successor_id as successorId"])
    .select(sql<string | null>`coalesce(creator.name, creator.email)`.as("creator"))
    .select(sql<boolean>`membership.user_id is not null`.as("isCreatorMember"))
    .select(["api_keys.rotated_at as rotatedAt", "predecessor.id as predecessorId"])
    .orderBy(hasEnded)
    .orderBy(sql`case when ${state} = 'expiring' then api_keys.expires_at end`)
    .orderBy("api_keys.created_at", "desc")
    .orderBy("api_keys.id", "desc")
    .limit(listedMax)
    .execute();
}

export interface ExpiringApiKey {
  id: string;
  name: string;
  lastFour: string;
  expiresAt: Date;
}

/** Keys that expire soon and have no successor, the first to expire first. */
export async function listExpiringApiKeys(viewer: Viewer): Promise<ExpiringApiKey[]> {
  viewer.require("viewSettings");
  return database()
    .selectFrom("api_keys")
    .where("organization_id", "=", viewer.organizationId)
    .where(sql<boolean>`${state} = 'expiring'`)
    .select(["id", "name", "key_last_four as lastFour", sql<Date>`expires_at`.as("expiresAt")])
    .orderBy("expires_at")
    .limit(listedMax)
    .execute();
}
