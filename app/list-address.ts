import type { PageProps } from "./page-props";

/** How many rows a page of a list of people or organizations has. */
export const listPageSize = 50;

/** More than any name has. */
const searchLengthMax = 254;
/** The last page that is looked for: 50 million rows. */
const pageMax = 1_000_000;

/** What an address says of a list: `?search=…&page=…`; what cannot be is passed over. */
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
