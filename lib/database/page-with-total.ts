import { type SelectQueryBuilder, sql } from "kysely";

export interface PageWithTotal<T> {
  rows: T[];
  /** How many rows there are on all pages. */
  total: number;
}

/** @param page from 1. */
export async function pageWithTotal<DB, TB extends keyof DB, T>(
  query: SelectQueryBuilder<DB, TB, T>,
  { page, pageSize }: { page: number; pageSize: number },
): Promise<PageWithTotal<T>> {
  const count = query
    .clearSelect()
    .clearOrderBy()
    .select(sql`count(*)::int`.as("total"))
    .$castTo<{ total: number }>();
  const [rows, { total }] = await Promise.all([
    query
      .limit(pageSize)
      .offset((page - 1) * pageSize)
      .execute(),
    count.executeTakeFirstOrThrow(),
  ]);
  return { rows, total };
}
