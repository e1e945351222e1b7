import { type Kysely, sql } from "kysely";
import type { Database } from "@/db/schema";

/** Defaults that a database or a role may have, each unlike what the program relies on. */
export const strange: Record<string, string> = {
  DateStyle: "German, DMY",
  IntervalStyle: "sql_standard",
  TimeZone: "Asia/Kolkata",
  bytea_output: "escape",
  extra_float_digits: "-3",
  standard_conforming_strings: "off",
  default_transaction_isolation: "serializable",
  lock_timeout: "77s",
  jit: "on",
};

/** What the statements of a server's connection must run under all the same. */
export const relied: Record<string, string> = {
  DateStyle: "ISO, MDY",
  IntervalStyle: "postgres",
  TimeZone: "UTC",
  bytea_output: "hex",
  extra_float_digits: "1",
  standard_conforming_strings: "on",
  transaction_isolation: "read committed",
  lock_timeout: "2s",
  statement_timeout: "3s",
  idle_in_transaction_session_timeout: "5s",
  jit: "off",
};

/** The same settings as a statement finds them. */
export async function currentSettings(db: Kysely<Database>): Promise<Record<string, string>> {
  const { rows } = await sql<{ name: string; setting: string }>`
    select name, current_setting(name) as setting from unnest(${Object.keys(relied)}::text[]) as name
  `.execute(db);
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
}
