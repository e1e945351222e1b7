import { type CompiledQuery, type RawBuilder, sql } from "kysely";
import { database } from "./database";

/** So many statements are kept; any further ones are built anew each time. */
const keptMax = 500;

class Parameter {
  constructor(readonly name: string) {}
}

/** Stands in a statement for a value that comes with each execution. */
export function parameter<T>(name: string): RawBuilder<T> {
  return sql`${new Parameter(name)}`;
}

const kept = new Map<string, CompiledQuery<unknown>>();

/**
 * Runs a statement that is built once and then kept: to build one of some forty columns takes longer than all else
 * that a request does with it.
 *
 * @param shape names what `build` gives, apart from its parameters: the same shape, the same text.
 * @param build must not put a request's own values in, but `parameter`s.
 * @param values of the parameters.
 */
export async function runKept<O>(
  shape: string,
  build: () => CompiledQuery<O>,
  values: Record<string, unknown>,
): Promise<O[]> {
  let query = kept.get(shape) as CompiledQuery<O> | undefined;
  if (!query) {
    query = build();
    if (kept.size < keptMax) kept.set(shape, query);
  }
  const parameters = query.parameters.map((one) => (one instanceof Parameter ? values[one.name] : one));
  return (await database().executeQuery<O>({ ...query, parameters })).rows;
}
