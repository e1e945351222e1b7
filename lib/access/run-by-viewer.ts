import type { CompiledQuery, Kysely } from "kysely";
import type { Database } from "@/db/schema";
import { hasOnlyParameters, runCached } from "../database/cached-statement";
import type { Viewer } from "./viewer";

/**
 * Runs a statement of the viewer's organization whose text is built once and prepared, for requests that come a hundred
 * times a second.
 *
 * @param name unique for each text.
 * @param build makes the statement, with `viewerScope` and a `parameter` for each other value.
 * @param db a transaction, or the pool.
 * @throws Error when the statement has any value in it: the next viewer would get it, too.
 */
export function runByViewer<O>(
  viewer: Viewer,
  name: string,
  build: () => CompiledQuery<O>,
  values: Record<string, unknown>,
  db: Kysely<Database>,
): Promise<O[]> {
  const buildChecked = () => {
    const query = build();
    if (!hasOnlyParameters(query)) throw new Error(`The statement ${name} has a value in it`);
    return query;
  };
  const { organizationId } = viewer;
  return runCached({ name, isPrepared: true }, buildChecked, { ...values, organizationId }, db);
}
