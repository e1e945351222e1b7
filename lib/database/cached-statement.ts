import { CompiledQuery, type RawBuilder, sql } from "kysely";
import { preparedMark } from "@/db/prepared";
import { database } from "./database";

/** The statements that were run last. */
const cachedMax = 200;

class Parameter {
  constructor(readonly name: string) {}
}

/** Stands in a statement for a value that comes with each execution. */
export function parameter<T>(name: string): RawBuilder<T> {
  return sql`${new Parameter(name)}`;
}

const cache = new Map<string, Pick<CompiledQuery, "sql" | "parameters">>();

/**
 * Runs a statement whose text is built once and then cached: building one of some forty columns takes longer than
 * everything else that a request does with it.
 *
 * @param name of the text: the same name, the same text.
 * @param isPrepared for one of a few dozen statements that are run again and again: PostgreSQL prepares it.
 * @param build must not put a request's own values in, but `parameter`s.
 * @param values of the parameters.
 */
export async function runCached<O>(
  { name, isPrepared }: { name: string; isPrepared: boolean },
  build: () => CompiledQuery<O>,
  values: Record<string, unknown>,
): Promise<O[]> {
  const { sql: text, parameters } = cache.get(name) ?? build();
  cache.delete(name);
  cache.set(name, { sql: text, parameters });
  const [oldest] = cache.keys();
  if (cache.size > cachedMax && oldest !== undefined) cache.delete(oldest);
  const given = parameters.map((one) => (one instanceof Parameter ? values[one.name] : one));
  const query = CompiledQuery.raw(isPrepared ? preparedMark + text : text, given);
  return (await database().executeQuery<O>(query as CompiledQuery<O>)).rows;
}
