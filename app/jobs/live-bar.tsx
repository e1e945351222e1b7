"use client";

import { relativeTime } from "@/lib/relative-time";
import { textLinkClass } from "../parts/text-link";
import { useLive } from "./live-jobs";
import { useClock } from "./use-clock";

const smallButton = "h-8 rounded-md px-2.5 font-medium text-muted hover:bg-raised hover:text-ink";

/** How fresh the page is, and the switch that stops it from changing. A client component: it ticks. */
export function LiveBar({ asOf }: { asOf: string }) {
  const { activity, standing, refreshNow, setPaused } = useLive();
  const nowMs = useClock(standing.asOfMs, 1_000);
  const age = `Updated ${relativeTime(standing.asOfMs, nowMs)}`;
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-x-2 text-muted">
      {/* Without a script nothing is updated, and this is all there is to say. */}
      <span className="hidden noscript:inline">As of {asOf}</span>
      <div className="flex items-center gap-x-2 noscript:hidden">
        <span
          aria-hidden="true"
          className={`size-2 rounded-full ${activity === "live" ? "bg-completed" : activity === "failing" ? "bg-warn" : "bg-edge"}`}
        />
        {activity === "lost" ? (
          <span>
            You are signed out here, or have left this organization.{" "}
            <a href="/jobs" className={textLinkClass}>
              Continue
            </a>
          </span>
        ) : (
          <span className="tabular-nums" title={asOf}>
            {activity === "failing" ? `Could not update. ${age}` : age}
            {activity === "paused" && ", paused"}
          </span>
        )}
        {activity === "resting" ? (
          <button type="button" className={smallButton} onClick={refreshNow}>
            Update now
          </button>
        ) : (
          activity !== "lost" && (
            <button
              type="button"
              className={smallButton}
              aria-pressed={activity === "paused"}
              onClick={() => {
                setPaused(activity !== "paused");
                if (activity === "paused") refreshNow();
              }}
            >
              Pause
            </button>
          )
        )}
      </div>
    </div>
  );
}
