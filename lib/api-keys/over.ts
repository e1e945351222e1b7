import { sql } from "kysely";

/** Whether a key, of the table or of an alias of it, is over, one way or the other. */
const isOverIn = (table: string) => sql<boolean>`
  (${sql.ref(`${table}.revoked_at`)} is not null or coalesce(${sql.ref(`${table}.expires_at`)} <= now(), false))
`;

export const isOver = isOverIn("api_keys");

/** Whether a key is being replaced by one that can be used. */
export const hasSuccessor = sql<boolean>`exists (
  select from api_keys as successor where successor.organization_id = api_keys.organization_id and successor.id = api_keys.successor_id and not ${isOverIn("successor")}
)`;
