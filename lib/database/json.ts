import { type Expression, type RawBuilder, sql } from "kysely";

/** UTC in whole seconds, as the contract writes times: `2025-02-28T14:00:05Z`. */
export function utcSeconds(time: Expression<unknown>): RawBuilder<string> {
  return sql`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
}

/** Selects one row with these fields in their order, for row_to_json. */
export function selectFields(fields: Record<string, Expression<unknown>>): RawBuilder<unknown> {
  return sql`select ${sql.join(Object.entries(fields).map(([name, value]) => sql`${value} as ${sql.ref(name)}`))}`;
}
