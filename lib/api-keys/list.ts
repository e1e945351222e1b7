import { sql } from "kysely";
import type { Viewer } from "../access/viewer";
import { database } from "../database/database";
import { hasSuccessor, isOver } from "./over";

export type ApiKeyState = "active" | "expiring" | "rotating" | "expired" | "revoked";

export interface ApiKeySummary {
  id: string;
  name: string;
  start: string;
  lastFour: string;
  state: ApiKeyState;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
  /** The person who made it; null for the command line, and for one who is no more. */
  maker: string | null;
  /** Whether that person still belongs to the organization. */
  isMakerMember: boolean;
  /** Replaced by, perhaps over by now. */
  successorId: string | null;
  /** When that one was made. */
  rotatedAt: Date | null;
  /** Replaces. */
  predecessorId: string | null;
}

/** A key that ends within so many days is worth a word, and a louder one the nearer its end is. */
export const expiryNoticeDays = [30, 14, 7] as const;

const [early, late, last] = expiryNoticeDays;
const life = sql`api_keys.expires_at - api_keys.created_at`;

/** Whoever has just made a key for 30 days knows when it ends: a notice is for what lives longer than its days. */
const noticeDays = sql<number>`
  case
    when ${life} > make_interval(days => ${early}) then ${early}::int
    when ${life} > make_interval(days => ${late}) then ${late}::int
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

/** Whether programs can still ask with a key. */
export function isUsable(key: Pick<ApiKeySummary, "state">): boolean {
  return key.state !== "expired" && key.state !== "revoked";
}

/** More than anybody looks through; those that can be used come first. */
const listedMax = 1_000;

/**
 * Keys of the viewer's organization for its people: those that soon end, then other usable ones, then those that are
 * over, the latter two newest first. Neither key nor hash is among it.
 *
 * @param id only the one with this id.
 */
export async function listApiKeys(viewer: Viewer, id?: string): Promise<ApiKeySummary[]> {
  viewer.require("viewSettings");
  return database()
    .selectFrom("api_keys")
    .leftJoin("users as maker", "maker.id", "api_keys.created_by_user_id")
    .leftJoin("memberships as membership", (join) =>
      join
        .onRef("membership.user_id", "=", "maker.id")
        .onRef("membership.organization_id", "=", "api_keys.organization_id"),
    )
    .leftJoin("api_keys as predecessor", (join) =>
      join
        .onRef("predecessor.successor_id", "=", "api_keys.id")
        .onRef("predecessor.organization_id", "=", "api_keys.organization_id"),
    )
    .where("api_keys.organization_id", "=", viewer.organizationId)
    .$if(id !== undefined, (query) => query.where("api_keys.id", "=", id ?? ""))
    .select(["api_keys.id", "api_keys.name", "api_keys.key_start as start"])
    .select(["api_keys.key_last_four as lastFour", state.as("state"), "api_keys.created_at as createdAt"])
    .select(["api_keys.expires_at as expiresAt", "api_keys.revoked_at as revokedAt"])
    .select(["api_keys.last_used_at as lastUsedAt", "api_keys.successor_id as successorId"])
    .select(sql<string | null>`coalesce(maker.name, maker.email)`.as("maker"))
    .select(sql<boolean>`membership.user_id is not null`.as("isMakerMember"))
    .select(["api_keys.rotated_at as rotatedAt", "predecessor.id as predecessorId"])
    .orderBy(isOver)
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

/** The keys whose end is near and that have no successor yet, the nearest first. */
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
