import type { JobsQuery } from "@/lib/batch-jobs/address";
import { ariaSort, describeOrder, SortLink, TimeSortMenu, timeFields } from "./sort-links";

const heading = "px-3 py-2 text-left text-xs font-medium text-muted first:pl-4 last:pr-4";

/** Columns by which the list can be sorted. On a phone they are only read aloud, and the toolbar sorts. */
export function JobTableHead({ query, timeZone }: { query: JobsQuery; timeZone: string }) {
  return (
    <>
      <caption className="sr-only">
        Batch jobs, {describeOrder(query.sort)}. Times are in {timeZone}.
      </caption>
      <thead className="max-md:sr-only">
        <tr className="border-b border-line">
          <th scope="col" aria-sort={ariaSort(query.sort, ["name"])} className={heading}>
            <span className="md:hidden">Job</span>
            <span className="flex max-md:hidden">
              <SortLink query={query} field="name">
                Job
              </SortLink>
            </span>
          </th>
          <th scope="col" className={`${heading} w-30 lg:w-36`}>
            Status
          </th>
          <th scope="col" className={`${heading} w-48 lg:w-64`}>
            Progress
          </th>
          <th scope="col" aria-sort={ariaSort(query.sort, timeFields)} className={`${heading} w-48 lg:w-64`}>
            <span className="md:hidden">Time</span>
            <span className="flex max-md:hidden">
              <TimeSortMenu query={query} />
            </span>
          </th>
        </tr>
      </thead>
    </>
  );
}
