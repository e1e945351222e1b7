import type { ReactNode } from "react";
import type { BatchJobSummary } from "@/lib/batch-jobs/summary";
import { exactTime } from "@/lib/format/time-zone";
import { CopyId } from "../../components/copy-button";
import { RelativeTime } from "../../components/relative-time";
import { Section } from "../../components/section";
import type { JobContext } from "./heading";

const or = new Intl.ListFormat("en", { type: "disjunction" });

function describeRetries({ retry_max_attempts, retry_retryable_statuses }: BatchJobSummary): string {
  if (retry_max_attempts === 1 || retry_retryable_statuses.length === 0) return "Contacts are called once";
  const words = retry_retryable_statuses.map((status) => status.replaceAll("_", " "));
  return `Up to ${retry_max_attempts} attempts, with retries after ${or.format(words)}`;
}

/** What the job is. */
export function Details({ job, zone, nowMs }: JobContext) {
  const { scheduled_start_time: scheduled, schedule_time_zone: scheduleZone } = job;
  const time = (at: Date | null) => at && <RelativeTime at={at} zone={zone} nowMs={nowMs} />;
  const code = (text: string) => <code className="font-mono text-xs">{text}</code>;
  const lines: [label: string, value: ReactNode][] = [
    ["ID", <CopyId key="id" id={job.id} name={job.name} />],
    ["Agent", code(job.agent_id)],
    [
      "Phone number",
      <>
        {job.phone_number && <span className="tabular-nums">{job.phone_number} </span>}
        {job.phone_number_label && <span className="text-muted">{job.phone_number_label} </span>}
        {code(job.from_phone_number_id)}
      </>,
    ],
    ["Concurrent calls", `At most ${job.concurrent_call_limit}`],
    ["Retries", describeRetries(job)],
    [
      "Scheduled",
      scheduled && (
        <>
          {time(scheduled)}
          {scheduleZone && scheduleZone !== zone && (
            <span className="block text-xs text-muted">
              {exactTime(scheduled, scheduleZone)} in {scheduleZone.replaceAll("_", " ")}
            </span>
          )}
        </>
      ),
    ],
    ["Created", time(job.created_at)],
    ["Started", time(job.actual_start_time)],
    ["Ended", time(job.completed_at)],
  ];
  return (
    <Section title="Details">
      <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-2">
        {lines.map(
          ([label, value]) =>
            value && (
              <div key={label} className="contents">
                <dt className="text-muted">{label}</dt>
                <dd className="min-w-0 wrap-anywhere">{value}</dd>
              </div>
            ),
        )}
      </dl>
    </Section>
  );
}
