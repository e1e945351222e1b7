import { parse } from "bowser";
import type { ReactNode } from "react";
import type { SessionSummary } from "@/lib/sessions/list";
import { Button } from "../../components/button";
import { RelativeTime, ShortRelativeTime } from "../../components/relative-time";

/** `Chrome on macOS`, from a User-Agent header. */
function browserName(userAgent: string | null): string {
  if (!userAgent) return "Unknown browser";
  const { browser, os } = parse(userAgent);
  if (!browser.name) return userAgent.slice(0, 60);
  return os.name ? `${browser.name} on ${os.name}` : browser.name;
}

export function Sessions(props: {
  sessions: SessionSummary[];
  zone: string;
  nowMs: number;
  /** Hidden fields for each form. */
  children: ReactNode;
}) {
  const { sessions, zone, nowMs, children } = props;
  return (
    <ul className="flex flex-col divide-y divide-line">
      {sessions.map(({ id, userAgent, startedAt, lastSeenAt, isCurrent }) => (
        <li
          key={id}
          className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0"
        >
          <div className="min-w-0 wrap-anywhere">
            <p className="font-medium">
              {browserName(userAgent)}
              {isCurrent && <span className="font-normal text-completed"> (this browser)</span>}
            </p>
            <p className="text-xs text-muted">
              Signed in <RelativeTime at={startedAt} zone={zone} nowMs={nowMs} />
              {!isCurrent && (
                <>
                  {" "}
                  · last active <ShortRelativeTime at={lastSeenAt} zone={zone} nowMs={nowMs} />
                </>
              )}
            </p>
          </div>
          {!isCurrent && (
            <form action="/settings/account/end-session" method="post">
              {children}
              <input type="hidden" name="sessionId" value={id} />
              <Button type="submit" aria-label={`Sign out ${browserName(userAgent)}`}>
                Sign out
              </Button>
            </form>
          )}
        </li>
      ))}
    </ul>
  );
}
