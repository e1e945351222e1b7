import type { BatchJobView } from "@/lib/batch-jobs/view";
import { formatNumber } from "@/lib/format/quantity";
import { ProgressBar } from "../components/progress-bar";

/** How many contacts have been called, as numbers and a bar. */
export function JobProgress({ job }: { job: BatchJobView }) {
  const { contactsProcessed, successfulCalls, failedCalls } = job;
  const rate = Math.round((successfulCalls / contactsProcessed) * 100);
  return (
    <div className="flex flex-col gap-1.5">
      <Called job={job} />
      <JobProgressBar job={job} />
      <p className="text-xs text-faint tabular-nums">
        {contactsProcessed > 0
          ? `${formatNumber(successfulCalls)} successful (${rate}%), ${formatNumber(failedCalls)} failed`
          : "No calls yet"}
      </p>
    </div>
  );
}

/** The same on two lines. */
export function BriefProgress({ job }: { job: BatchJobView }) {
  return (
    <div>
      <Called job={job} isBrief />
      <div className="flex h-4 items-center gap-2 text-xs whitespace-nowrap text-faint tabular-nums">
        <JobProgressBar job={job} />
        {job.failedCalls > 0 && <span>{formatNumber(job.failedCalls)} failed</span>}
      </div>
    </div>
  );
}

/** @param props with `isBrief` for a table, which has no room for all of it at some widths. */
function Called({ job, isBrief = false }: { job: BatchJobView; isBrief?: boolean }) {
  const { totalContacts, contactsProcessed } = job;
  return (
    <div className="flex items-baseline justify-between gap-2 whitespace-nowrap tabular-nums">
      <span className="truncate">
        {formatNumber(contactsProcessed)}{" "}
        <span className="text-muted">
          of {formatNumber(totalContacts)}
          <span className={isBrief ? "lg:max-xl:sr-only print:sr-only" : undefined}> contacts</span>
        </span>
      </span>
      {totalContacts > 0 && (
        <span className={`text-muted ${isBrief ? "print:hidden" : ""}`}>
          {Math.floor((contactsProcessed / totalContacts) * 100)}%
        </span>
      )}
    </div>
  );
}

function JobProgressBar({ job }: { job: BatchJobView }) {
  return (
    <ProgressBar
      label={`Progress of ${job.name}`}
      total={job.totalContacts}
      processed={job.contactsProcessed}
      successful={job.successfulCalls}
      failed={job.failedCalls}
    />
  );
}
