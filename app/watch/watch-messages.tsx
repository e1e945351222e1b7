import { useEffect, useState } from "react";
import type { WatchedJob } from "@/lib/batch-jobs/watched";
import { buttonClass } from "../components/button";
import { statusLabel } from "../components/status-badge";
import { textLinkClass } from "../components/text-link";
import { jobAddress } from "../jobs/job-address";
import { fetchWatchedJobs, pollEveryMs } from "./follow";

/** Which watched jobs have ended, and what pressing "Watch" has led to, at the bottom of the window. */
export function WatchMessages(props: {
  organizationId: string;
  ended: string[];
  message: string;
  onDismiss: () => void;
  onNotFound: (ids: string[]) => void;
}) {
  const { organizationId, ended, message, onDismiss, onNotFound } = props;
  const jobs = useJobs(organizationId, ended.join(","), onNotFound);
  const isShown = message !== "" || jobs.length > 0;
  return (
    <div role="status" className="fixed inset-x-3 bottom-3 z-20 sm:left-auto sm:w-96 print:hidden">
      {isShown && (
        <div className="flex items-start gap-3 rounded-lg border border-edge bg-surface p-3 shadow-lg">
          <div className="flex min-w-0 grow flex-col gap-1 wrap-anywhere">
            {jobs.map(({ id, name, status }) => (
              <p key={id}>
                <a href={jobAddress({ organizationId, id })} className={textLinkClass}>
                  {name}
                </a>
                : {statusLabel(status).toLowerCase()}
              </p>
            ))}
            {message && <p>{message}</p>}
          </div>
          <button type="button" onClick={onDismiss} className={`${buttonClass()} shrink-0`}>
            Dismiss
          </button>
        </div>
      )}
    </div>
  );
}

/** @param ids separated by commas. @param onNotFound is told the ids of deleted jobs. */
function useJobs(organizationId: string, ids: string, onNotFound: (ids: string[]) => void): WatchedJob[] {
  const [jobs, setJobs] = useState<WatchedJob[]>([]);
  useEffect(() => {
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout>;
    const asked = ids === "" ? [] : ids.split(",");
    const load = () => fetchWatchedJobs(organizationId, asked).then(show, retry);
    function show(found: WatchedJob[] | undefined) {
      if (!isCurrent) return;
      setJobs(found ?? []);
      const missing = asked.filter((id) => found?.every((job) => job.id !== id));
      if (missing.length > 0) onNotFound(missing);
    }
    function retry() {
      if (isCurrent) timer = setTimeout(load, pollEveryMs);
    }
    if (asked.length === 0) show([]);
    else load();
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [organizationId, ids, onNotFound]);
  return jobs;
}
