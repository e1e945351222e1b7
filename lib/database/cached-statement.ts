import { CompiledQuery, type Kysely, type RawBuilder, sql } from "kysely";
import { LRUCache } from "lru-cache";
import { preparedMark } from "@/db/prepared";
import type { Database } from "@/db/schema";
import { database } from "./database";

class Parameter {
  constructor(readonly name: string) {}
}

/** A placeholder for a value given with each execution. */
export function parameter<T>(name: string): RawBuilder<T> {
  return sql`${new Parameter(name)}`;
}

/** Whether all values of a statement are given with each execution. */
export function hasOnlyParameters({ parameters }: CompiledQuery): boolean {
  return parameters.every((one) => one instanceof Parameter);
}

const cache = new LRUCache<string, Pick<CompiledQuery, "sql" | "parameters">>({ max: 200 });

/**
 * Runs a statement whose text is built once and then cached: building one of forty columns takes longer than the rest of
 * the request.
 *
 * @param name unique for each text.
 * @param isPrepared whether PostgreSQL prepares it: for a few dozen frequent statements.
 * @param build must use a `parameter` for each value of the request.
 * @param db a transaction, to run inside it.
 */
export async function runCached<O>(
  { name, isPrepared }: { name: string; isPrepared: boolean },
  build: () => CompiledQuery<O>,
  values: Record<string, unknown>,
  db: Kysely<Database> = database(),
): Promise<O[]> {
  const cached = cache.get(name);
  const { sql: text, parameters } = cached ?? markPrepared(build(), isPrepared);
  if (!cached) cache.set(name, { sql: text, parameters });
  const bound = parameters.map((one) => (one instanceof Parameter ? values[one.name] : one));
  const query = CompiledQuery.raw(text, bound);
  return (await db.executeQuery<O>(query as CompiledQuery<O>)).rows;
}

/** Called before caching, so that the marked text is one string: a new string of several kB would be hashed again for each execution. */
function markPrepared({ sql: text, parameters }: CompiledQuery, isPrepared: boolean) {
  return { sql: isPrepared ? preparedMark + text : text, parameters };
}
