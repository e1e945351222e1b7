import { healthOf } from "@/lib/batch-jobs/health";
import { viewBatchJob } from "@/lib/batch-jobs/view";
import type { Waiting } from "@/lib/calls/waiting";
import { formatNumber } from "@/lib/format/quantity";
import { relativeTime } from "@/lib/format/time";
import { exactTime, shortTime } from "@/lib/format/time-zone";
import { WarnIcon } from "../../components/icons";
import { Section } from "../../components/section";
import { JobProgress } from "../job-progress";
import { healthLabel, mainTime } from "../job-times";
import type { JobContext } from "./heading";

const minuteMs = 60_000;

/** How the job goes, and what keeps it from going on. */
export function Progress({ job: row, zone, nowMs, waiting }: JobContext & { waiting: Waiting | undefined }) {
  const job = viewBatchJob(row, zone);
  const health = healthOf(job, nowMs);
  const isWarning = health?.is === "overdue" || health?.is === "stalled";
  const pace = paceOf(job, nowMs);
  return (
    <Section title="Progress">
      <JobProgress job={job} breakdown={row.breakdown} />
      <div className="flex flex-col gap-1.5 tabular-nums">
        <p>
          {mainTime(job, nowMs)}
          {pace && <span className="text-muted"> · {pace}</span>}
        </p>
        <p className={isWarning ? "flex items-center gap-1.5 font-medium text-warn" : "text-muted"}>
          {isWarning && <WarnIcon />}
          {healthLabel(job, health, nowMs)}
          {health?.is === "on track" && (
            <>
              {" "}
              at this pace <span className="text-faint">({exactTime(new Date(health.endMs), zone)})</span>
            </>
          )}
        </p>
        {waiting && <WhyWaiting waiting={waiting} isWarning={isWarning} zone={zone} nowMs={nowMs} />}
      </div>
    </Section>
  );
}

/** How many contacts were called in a minute, or in an hour if that is less than one. */
function paceOf(job: ReturnType<typeof viewBatchJob>, nowMs: number): string | undefined {
  const { startedMs, finishedMs, contactsProcessed } = job;
  if (startedMs === null || contactsProcessed === 0) return undefined;
  const minutes = ((finishedMs ?? nowMs) - startedMs) / minuteMs;
  if (minutes < 1 / 6) return undefined;
  const perMinute = contactsProcessed / minutes;
  if (perMinute >= 1) return `${formatNumber(Math.round(perMinute))} contacts a minute`;
  const perHour = Math.round(perMinute * 60);
  return perHour >= 1 ? `${perHour} ${perHour === 1 ? "contact" : "contacts"} an hour` : undefined;
}

function WhyWaiting(props: { waiting: Waiting; isWarning: boolean; zone: string; nowMs: number }) {
  const { waiting, zone, nowMs } = props;
  const isWarning = props.isWarning || waiting.for === "dialer";
  const at = (time: Date) => (
    <time dateTime={time.toISOString()} title={exactTime(time, zone)}>
      {shortTime(time, zone, nowMs)} ({relativeTime(time.getTime(), nowMs)})
    </time>
  );
  return (
    <p className={isWarning ? "text-warn" : "text-muted"}>
      {waiting.for === "job limit" &&
        `Job limit reached: ${waiting.calls} of ${waiting.limit} concurrent calls`}
      {waiting.for === "organization limit" &&
        `Organization limit reached: ${waiting.calls} of ${waiting.limit} concurrent calls`}
      {waiting.for === "retry" && <>Next retry at {at(waiting.at)}</>}
      {waiting.for === "dialer" &&
        (waiting.since ? (
          <>No dialer has asked for calls since {at(waiting.since)}</>
        ) : (
          "No dialer has asked for calls in the last 30 days"
        ))}
    </p>
  );
}
