"use client";

import { healthOf } from "@/lib/batch-jobs/health";
import type { BatchJobView } from "@/lib/batch-jobs/view";
import { formatNumber } from "@/lib/format/quantity";
import { CopyId } from "../components/copy-button";
import { ProgressBar } from "../components/progress-bar";
import { StatusBadge } from "../components/status-badge";
import { JobTimes } from "./job-times";
import { useLive } from "./live-jobs";

const heading = "px-3 py-2 text-left text-xs font-medium text-muted first:pl-4 last:pr-4";
const cell = "px-3 py-3 align-top max-md:p-0 md:first:pl-4 md:last:pr-4";

/** A table, or cards on a phone. */
export function JobTable({ timeZone }: { timeZone: string }) {
  const { snapshot, deletedIds, nowMs } = useLive();
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
            <JobRow key={job.id} job={job} nowMs={nowMs} isDeleted={deletedIds.has(job.id)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function JobRow({ job, nowMs, isDeleted }: { job: BatchJobView; nowMs: number; isDeleted: boolean }) {
  return (
    <tr
      className={`border-line max-md:grid max-md:grid-cols-2 max-md:gap-2.5 max-md:rounded-lg max-md:border max-md:bg-surface max-md:p-4 md:border-b md:last:border-0 ${isDeleted ? "opacity-60" : ""}`}
    >
      <th scope="row" className={`${cell} text-left font-normal max-md:col-span-2`}>
        <div className="flex flex-wrap items-center justify-between gap-x-4">
          <span className="font-semibold wrap-anywhere">{job.name}</span>
          <CopyId id={job.id} name={job.name} />
        </div>
        {job.description && <p className="mt-0.5 line-clamp-2 text-muted wrap-anywhere">{job.description}</p>}
      </th>
      <td className={`${cell} max-md:order-first max-md:col-span-2`}>
        {isDeleted ? <span className="text-muted">Deleted</span> : <StatusBadge status={job.status} />}
      </td>
      <td className={`${cell} max-md:col-span-2`}>
        <Progress job={job} />
      </td>
      <td className={`${cell} max-md:col-span-2`}>
        <JobTimes job={job} health={isDeleted ? undefined : healthOf(job, nowMs)} nowMs={nowMs} />
      </td>
    </tr>
  );
}

function Progress({ job }: { job: BatchJobView }) {
  const { totalContacts, contactsProcessed, successfulCalls, failedCalls } = job;
  const rate = Math.round((successfulCalls / contactsProcessed) * 100);
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-baseline justify-between gap-3 tabular-nums">
        <span>
          {formatNumber(contactsProcessed)}{" "}
          <span className="text-muted">
            of {formatNumber(totalContacts)}
            <span className="md:max-lg:sr-only"> contacts</span>
          </span>
        </span>
        {totalContacts > 0 && (
          <span className="text-muted">{Math.floor((contactsProcessed / totalContacts) * 100)}%</span>
        )}
      </div>
      <ProgressBar
        label={`Progress of ${job.name}`}
        total={totalContacts}
        processed={contactsProcessed}
        successful={successfulCalls}
        failed={failedCalls}
      />
      <p className="text-xs text-faint tabular-nums">
        {contactsProcessed > 0
          ? `${formatNumber(successfulCalls)} successful (${rate}%), ${formatNumber(failedCalls)} failed`
          : "No calls yet"}
      </p>
    </div>
  );
}
