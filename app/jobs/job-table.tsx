"use client";

import { JobRow } from "./job-row";
import { useLive } from "./live-jobs";

const heading = "px-3 py-2 text-left text-xs font-medium text-muted first:pl-4 last:pr-4";

/**
 * The jobs: a table where there is room, cards on a phone. A client component, as its cells change in place.
 */
export function JobTable({ timeZone }: { timeZone: string }) {
  const { snapshot, goneIds, nowMs } = useLive();
  return (
    <div data-replaced="" className="md:rounded-lg md:border md:border-line md:bg-surface">
      <table className="w-full table-fixed border-collapse max-md:block">
        <caption className="sr-only">Batch jobs, newest first. Times are in {timeZone}.</caption>
        <thead className="max-md:sr-only">
          <tr className="border-b border-line">
            <th scope="col" className={heading}>
              Job
            </th>
            <th scope="col" className={`${heading} w-30 lg:w-36`}>
              Status
            </th>
            <th scope="col" className={`${heading} w-48 lg:w-64`}>
              Progress
            </th>
            <th scope="col" className={`${heading} w-48 lg:w-64`}>
              Time
            </th>
          </tr>
        </thead>
        <tbody className="max-md:flex max-md:flex-col max-md:gap-3">
          {snapshot.jobs.map((job) => (
            <JobRow key={job.id} job={job} nowMs={nowMs} isGone={goneIds.has(job.id)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
