import { CompiledQuery, type RawBuilder, sql } from "kysely";
import { preparedMark } from "@/db/prepared";
import { database } from "./database";

/** So many statements are kept, those that were run last. */
const keptMax = 200;

class Parameter {
  constructor(readonly name: string) {}
}

/** Stands in a statement for a value that comes with each execution. */
export function parameter<T>(name: string): RawBuilder<T> {
  return sql`${new Parameter(name)}`;
}

const kept = new Map<string, Pick<CompiledQuery, "sql" | "parameters">>();

/**
 * Runs a statement that is built once and then kept: to build one of some forty columns takes longer than all else
 * that a request does with it.
 *
 * @param shape names what `build` gives, apart from its parameters: the same shape, the same text.
 * @param isCommon one of a few dozen that are asked again and again: PostgreSQL keeps it as well.
 * @param build must not put a request's own values in, but `parameter`s.
 * @param values of the parameters.
 */
export async function runKept<O>(
  { shape, isCommon }: { shape: string; isCommon: boolean },
  build: () => CompiledQuery<O>,
  values: Record<string, unknown>,
): Promise<O[]> {
  const { sql: text, parameters } = kept.get(shape) ?? build();
  kept.delete(shape);
  kept.set(shape, { sql: text, parameters });
  const [oldest] = kept.keys();
  if (kept.size > keptMax && oldest !== undefined) kept.delete(oldest);
  const given = parameters.map((one) => (one instanceof Parameter ? values[one.name] : one));
  const query = CompiledQuery.raw(isCommon ? preparedMark + text : text, given);
  return (await database().executeQuery<O>(query as CompiledQuery<O>)).rows;
}
