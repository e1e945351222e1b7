"use client";

import type { DisplayedJob } from "@/lib/batch-jobs/displayed-job";
import { healthOf } from "@/lib/batch-jobs/health";
import type { Waiting } from "@/lib/calls/waiting";
import { formatNumber, quantity } from "@/lib/format/quantity";
import { formatDuration, relativeTime } from "@/lib/format/time";
import { useNow } from "../../components/clock";
import { WarnIcon } from "../../components/icons";
import { healthLabel, isProblem, MainTime } from "../job-times";
import type { WrittenTime } from "../jobs-snapshot";
import { NoDialer } from "../no-dialer";

const minuteMs = 60_000;

/** Times, health and what the job waits for. A client component, so that its times go on. */
export function ProgressLines(props: {
  job: DisplayedJob;
  organizationId: string;
  /** The estimated one. */
  end: WrittenTime | undefined;
  /** Since when the job waits for a dialer; null when there never was one. */
  noDialerSince: WrittenTime | null | undefined;
  waiting: Waiting | undefined;
  /** The times that it has. */
  waitingTime: WrittenTime | undefined;
  waitingUntil: WrittenTime | undefined;
  nowMs: number;
}) {
  const { job, organizationId, end, noDialerSince, waiting, waitingTime, waitingUntil } = props;
  const nowMs = useNow(props.nowMs);
  const health = healthOf(job, nowMs);
  const isWarning = isProblem(health);
  const pace = paceOf(job, nowMs);
  const startsByDialer = job.status === "pending" && job.scheduledMs === null && job.activity?.hasContacts;
  // Lines below say more about these.
  const hasHealth = health?.is !== "without a dialer" && !startsByDialer;
  return (
    <div className="flex flex-col gap-1.5 tabular-nums">
      <p>
        <MainTime job={job} nowMs={nowMs} />
        {pace && <span className="text-muted"> · {pace}</span>}
      </p>
      {hasHealth && (
        <p className={isWarning ? "flex items-center gap-1.5 font-medium text-warn" : "text-muted"}>
          {isWarning && <WarnIcon />}
          {healthLabel(job, health, nowMs)}
          {health?.is === "on track" && end && (
            <>
              {" "}
              at this pace <span className="text-faint">({end.exact})</span>
            </>
          )}
        </p>
      )}
      {noDialerSince !== undefined && waiting?.for !== "open calls" && (
        <p className="text-warn">
          <NoDialer since={noDialerSince} organizationId={organizationId} nowMs={nowMs} />
        </p>
      )}
      {waiting && (
        <p className={isWarning ? "text-warn" : "text-muted"}>
          <WhyWaiting waiting={waiting} time={waitingTime} until={waitingUntil} nowMs={nowMs} />
        </p>
      )}
    </div>
  );
}

/** How many contacts were called in a minute, or in an hour if that is less than one. */
function paceOf(job: DisplayedJob, nowMs: number): string | undefined {
  const { startedMs, finishedMs, contactsProcessed } = job;
  if (startedMs === null || contactsProcessed === 0) return undefined;
  const minutes = ((finishedMs ?? nowMs) - startedMs) / minuteMs;
  if (minutes < 1 / 6) return undefined;
  const perMinute = contactsProcessed / minutes;
  if (perMinute >= 1) return `${quantity(Math.round(perMinute), "contact")} a minute`;
  const perHour = Math.round(perMinute * 60);
  return perHour >= 1 ? `${quantity(perHour, "contact")} an hour` : undefined;
}

function WhyWaiting(props: {
  waiting: Waiting;
  time: WrittenTime | undefined;
  until: WrittenTime | undefined;
  nowMs: number;
}) {
  const { waiting, time, until, nowMs } = props;
  switch (waiting.for) {
    case "job limit":
    case "organization limit": {
      const { calls, limit } = waiting;
      const whose = waiting.for === "job limit" ? "Job" : "Organization";
      return `${whose} limit reached: ${formatNumber(calls)} of ${quantity(limit, "concurrent call")}`;
    }
    case "open calls": {
      const { calls, isOfJob, limit } = waiting;
      const seen = `last seen ${time ? formatDuration(nowMs - time.ms) : ""} ago`;
      return (
        <>
          {limit === undefined
            ? `${quantity(calls, isOfJob ? "call" : "call of other jobs", isOfJob ? "calls" : "calls of other jobs")} under way; ${calls === 1 ? "its" : "their"} dialer was ${seen}`
            : `${formatNumber(calls)} of the ${isOfJob ? "job" : "organization"}’s ${quantity(limit, "concurrent call")} ${calls === 1 ? "belongs" : "belong"} to a dialer that was ${seen}`}
          {until && (
            <>
              . Without a report, {calls === 1 ? "it is" : "they are"} given up at{" "}
              <time dateTime={new Date(until.ms).toISOString()} title={until.exact}>
                {until.short} ({relativeTime(until.ms, nowMs)})
              </time>
            </>
          )}
        </>
      );
    }
    case "same numbers":
      return "Another job is calling the numbers of the contacts that are due";
    case "next request":
      return "Waiting for a dialer to ask for calls";
    case "retry":
      return (
        time && (
          <>
            Next retry at{" "}
            <time dateTime={new Date(time.ms).toISOString()} title={time.exact}>
              {time.short} ({relativeTime(time.ms, nowMs)})
            </time>
          </>
        )
      );
  }
}
