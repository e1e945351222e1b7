import type { BatchJobView } from "@/lib/batch-jobs/view";
import { formatNumber } from "@/lib/format/quantity";
import { ProgressBar } from "../components/progress-bar";

/** How many contacts have been called, as numbers and a bar. */
export function JobProgress({ job }: { job: BatchJobView }) {
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
