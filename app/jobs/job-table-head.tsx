import type { JobsQuery } from "@/lib/batch-jobs/address";
import type { SortField } from "@/lib/batch-jobs/schema";
import { fieldOf } from "@/lib/batch-jobs/sorted-keys";
import { describeOrder, fieldLabels, isDescending, SortLink } from "./sort-links";

const timeWidth = "w-24 xl:w-27 print:w-[10%]";
const columns: [label: string, width: string, field?: SortField][] = [
  ["Name", "print:w-[24%]", "name"],
  ["Status", "w-36 xl:w-44 print:w-[17%]"],
  ["Progress", "w-46 xl:w-60 print:w-[19%]"],
  ...(["scheduledStartTime", "actualStartTime", "completedAt", "createdAt"] as const).map(
    (field): [label: string, width: string, field: SortField] => [fieldLabels[field], timeWidth, field],
  ),
];

/** The columns, by most of which the list can be sorted. On narrow screens they are only read aloud. */
export function JobTableHead({ query, timeZone }: { query: JobsQuery; timeZone: string }) {
  const { sort } = query;
  const direction = isDescending(sort) ? "descending" : "ascending";
  return (
    <>
      <caption className="sr-only">
        Batch jobs, {describeOrder(sort)}. Times are in {timeZone}.
      </caption>
      <thead className="narrow:sr-only">
        <tr className="border-b border-line">
          {columns.map(([label, width, field]) => (
            <th
              key={label}
              scope="col"
              aria-sort={field && field === fieldOf(sort) ? direction : undefined}
              className={`px-2 py-1.5 text-left text-xs font-medium text-muted first:pl-4 ${width}`}
            >
              {field && <SortLink query={query} field={field} label={label} />}
              <span className={field && "wide:hidden"}>{label}</span>
            </th>
          ))}
        </tr>
      </thead>
    </>
  );
}
