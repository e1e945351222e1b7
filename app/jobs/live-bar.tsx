"use client";

import { relativeTime } from "@/lib/format/time";
import { textLinkClass } from "../components/text-link";
import { useLive } from "./live-jobs";
import { useClock } from "./use-clock";
import { activityLabels } from "./use-refresh";

const smallButton = "h-8 shrink-0 rounded-md px-2.5 font-medium text-muted hover:bg-raised hover:text-ink";

/** How fresh the page is, and a button that pauses live updates. */
export function LiveBar({ asOf }: { asOf: string }) {
  const { activity, snapshot, refreshNow, setPaused } = useLive();
  const nowMs = useClock(snapshot.asOfMs, 1_000);
  const age = `Updated ${relativeTime(snapshot.asOfMs, nowMs)}`;
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-x-2 text-muted">
      {/* Without JavaScript nothing is updated. */}
      <span className="hidden noscript:inline">As of {asOf}</span>
      <div className="flex items-center gap-x-2 noscript:hidden">
        <span
          aria-hidden="true"
          className={`size-2 rounded-full ${activity === "live" ? "bg-completed" : activity === "failing" ? "bg-warn" : "bg-edge"}`}
        />
        {activity === "noAccess" ? (
          <span className="text-danger">
            {activityLabels.noAccess}{" "}
            <a href="/jobs" className={textLinkClass}>
              Reload
            </a>
          </span>
        ) : (
          <span className="tabular-nums" title={asOf}>
            {activity === "failing" ? `${activityLabels.failing} · ${age}` : age}
            {(activity === "paused" || activity === "finished") && ` · ${activityLabels[activity]}`}
          </span>
        )}
        {activity === "finished" && (
          <button type="button" className={smallButton} onClick={refreshNow}>
            Refresh
          </button>
        )}
        {activity === "paused" && (
          <button
            type="button"
            className={smallButton}
            onClick={() => {
              setPaused(false);
              refreshNow();
            }}
          >
            Resume
          </button>
        )}
        {(activity === "live" || activity === "failing") && (
          <button type="button" className={smallButton} onClick={() => setPaused(true)}>
            Pause
          </button>
        )}
      </div>
    </div>
  );
}
