import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";

/** What stands for a parameter of the list's statement, told by what it is compared with. */
function literal(
  before: string,
  values: { keyHash: Buffer; organizationId: string; offset: number },
): string {
  if (/key_hash" = $/.test(before)) return `'\\x${values.keyHash.toString("hex")}'`;
  if (/organization_id = $/.test(before)) return `'${values.organizationId}'`;
  if (/"range_id" = $/.test(before)) return "0";
  // As for a page that the server has not cached.
  if (/hash = any \($/.test(before)) return "'{}'";
  return String(values.offset);
}

/** The statement of a list of all jobs, as pg_stat_activity has it, with its parameters put in. */
export function filledIn(statement: string, values: Parameters<typeof literal>[1]): string {
  return statement.replace(/\$\d+/g, (_name, at: number) => literal(statement.slice(0, at), values));
}

/**
 * `EXPLAIN (ANALYZE, BUFFERS)` of the statement that the server has just sent for a page, as it was sent: from
 * pg_stat_activity, with its parameters put in.
 */
export async function planOf(
  db: Kysely<Database>,
  isIt: (statement: string) => boolean,
  values: { keyHash: Buffer; organizationId: string; offset: number },
): Promise<string> {
  const { rows } = await sql<{ query: string }>`
    select query from pg_stat_activity where application_name = 'batch-jobs' and query like '%with bearer%'
    order by state_change desc
  `.execute(db);
  const statement = rows.map(({ query }) => query).find(isIt);
  if (statement === undefined) return "not found: another request used the connection";
  const plan = await sql<{
    "QUERY PLAN": string;
  }>`explain (analyze, buffers) ${sql.raw(filledIn(statement, values))}`.execute(db);
  return plan.rows.map((row) => row["QUERY PLAN"]).join("\n");
}
