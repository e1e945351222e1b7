import type { PageProps } from "./page-props";

/** Of lists of people and organizations. */
export const listPageSize = 50;

/** The longest email address. */
const searchLengthMax = 254;
const pageMax = 1_000_000;

/** Reads `?search=…&page=…`, and ignores invalid values. */
export function readListAddress(parameters: Awaited<PageProps["searchParams"]>): {
  search: string;
  page: number;
} {
  const { search, page } = parameters;
  const given = typeof page === "string" && /^\d{1,7}$/.test(page) ? Number(page) : 1;
  return {
    // PostgreSQL stores no NUL, so nothing has one.
    search:
      typeof search === "string"
        ? search.replaceAll("\0", "").trim().slice(0, searchLengthMax).toWellFormed()
        : "",
    page: Math.min(Math.max(given, 1), pageMax),
  };
}
