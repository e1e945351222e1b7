import type { Activity } from "@/lib/batch-jobs/activity";
import { toDisplayedJob } from "@/lib/batch-jobs/displayed-job";
import type { Waiting } from "@/lib/calls/waiting";
import { Section } from "../../components/section";
import { JobProgress } from "../job-progress";
import { writeTime } from "../jobs-snapshot";
import type { JobContext } from "./heading";
import { ProgressLines } from "./progress-lines";

interface ProgressProps extends JobContext {
  organizationId: string;
  activity: Activity;
  waiting: Waiting | undefined;
}

/** How the job goes, and what keeps it from going on. */
export function Progress({ job: row, zone, nowMs, organizationId, activity, waiting }: ProgressProps) {
  const ofJob = activity.jobs.get(row.id);
  const job = toDisplayedJob(row, zone, ofJob);
  const write = (time: Date) => writeTime(time, zone, nowMs);
  const { noDialerSinceMs, estimatedEndMs } = ofJob ?? {};
  return (
    <Section title="Progress">
      <JobProgress job={job} breakdown={row.breakdown} />
      <ProgressLines
        job={job}
        organizationId={organizationId}
        end={estimatedEndMs === undefined ? undefined : write(new Date(estimatedEndMs))}
        noDialerSince={
          typeof noDialerSinceMs === "number" ? write(new Date(noDialerSinceMs)) : noDialerSinceMs
        }
        waiting={waiting}
        waitingTime={waiting && "time" in waiting ? write(waiting.time) : undefined}
        waitingUntil={waiting && "until" in waiting ? write(waiting.until) : undefined}
        nowMs={nowMs}
      />
    </Section>
  );
}
