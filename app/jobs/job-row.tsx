import { healthOf } from "@/lib/batch-jobs/health";
import type { BatchJobView } from "@/lib/batch-jobs/view";
import { formatNumber } from "@/lib/format/quantity";
import { ProgressBar } from "../components/progress-bar";
import { StatusBadge } from "../components/status-badge";
import { CopyId } from "./copy-id";
import { JobTimes } from "./job-times";

const cell = "px-3 py-3 align-top max-md:p-0 md:first:pl-4 md:last:pr-4";

/** One job: what it is, how it stands, how far it is, when. */
export function JobRow({ job, nowMs, isGone }: { job: BatchJobView; nowMs: number; isGone: boolean }) {
  return (
    <tr
      className={`border-line max-md:grid max-md:grid-cols-2 max-md:gap-2.5 max-md:rounded-lg max-md:border max-md:bg-surface max-md:p-4 md:border-b md:last:border-0 ${isGone ? "opacity-60" : ""}`}
    >
      <th scope="row" className={`${cell} text-left font-normal max-md:col-span-2`}>
        <div className="flex flex-wrap items-center justify-between gap-x-4">
          <span className="font-semibold wrap-anywhere">{job.name}</span>
          <CopyId id={job.id} name={job.name} />
        </div>
        {job.description && <p className="mt-0.5 line-clamp-2 text-muted wrap-anywhere">{job.description}</p>}
      </th>
      <td className={`${cell} max-md:order-first max-md:col-span-2`}>
        {isGone ? <span className="text-muted">Deleted</span> : <StatusBadge status={job.status} />}
      </td>
      <td className={`${cell} max-md:col-span-2`}>
        <Progress job={job} />
      </td>
      <td className={`${cell} max-md:col-span-2`}>
        <JobTimes job={job} condition={isGone ? undefined : healthOf(job, nowMs)} nowMs={nowMs} />
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
