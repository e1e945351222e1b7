import type { JobForPage } from "@/lib/batch-jobs/job-for-page";
import { retryDelaysSeconds } from "@/lib/calls/outcome";
import { formatDuration } from "@/lib/format/time";
import { exactTime } from "@/lib/format/time-zone";
import { CopyId } from "../../components/copy-button";
import { type Definition, DefinitionList } from "../../components/definition-list";
import { RelativeTime } from "../../components/relative-time";
import { Section } from "../../components/section";
import type { JobContext } from "./heading";

const or = new Intl.ListFormat("en", { type: "disjunction" });

/** `Up to 3 attempts, with retries after no answer or busy: again after 5 min, then 30 min` */
function describeRetries({ retry_max_attempts, retry_retryable_statuses }: JobForPage): string {
  if (retry_max_attempts === 1 || retry_retryable_statuses.length === 0) return "Contacts are called once";
  const words = retry_retryable_statuses.map((status) => status.replaceAll("_", " "));
  const delays = retryDelaysSeconds.slice(0, retry_max_attempts - 1).map((s) => formatDuration(s * 1_000));
  const each = retry_max_attempts - 1 > delays.length ? " each" : "";
  return `Up to ${retry_max_attempts} attempts, with retries after ${or.format(words)}: again after ${delays.join(", then ")}${each}`;
}

/** What the job is. */
export function Details({ job, zone, nowMs }: JobContext) {
  const { scheduled_start_time: scheduled, schedule_time_zone: scheduleZone } = job;
  const time = (at: Date | null) => at && <RelativeTime at={at} zone={zone} nowMs={nowMs} />;
  // When it would have started says nothing any more.
  const isWaiting = job.status === "pending" || job.status === "scheduled";
  const code = (text: string) => <code className="font-mono text-xs">{text}</code>;
  const items: Definition[] = [
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
    ["Concurrent call limit", job.concurrent_call_limit],
    ["Retries", describeRetries(job)],
    [
      "Scheduled",
      scheduled && (
        <>
          {isWaiting ? time(scheduled) : exactTime(scheduled, zone)}
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
      <DefinitionList className="gap-y-2" items={items} />
    </Section>
  );
}
