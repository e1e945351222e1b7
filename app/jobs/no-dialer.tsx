import { relativeTime } from "@/lib/format/time";
import { textLinkClass } from "../components/text-link";
import { settingsAddress } from "../settings/address";
import type { WrittenTime } from "./jobs-snapshot";

/** That no dialer is there, and how to run one. @param props with `since` null when there never was one. */
export function NoDialer(props: { since: WrittenTime | null; organizationId: string; nowMs: number }) {
  const { since, organizationId, nowMs } = props;
  return (
    <>
      {since ? (
        <>
          No dialer has asked for calls since{" "}
          <time dateTime={new Date(since.ms).toISOString()} title={since.exact}>
            {since.short} ({relativeTime(since.ms, nowMs)})
          </time>
        </>
      ) : (
        "No dialer has asked for calls yet"
      )}
      .{" "}
      <span className="print:hidden">
        Run one with <code className="font-mono text-xs">npm run dialer</code> and an{" "}
        <a href={settingsAddress("api-keys", organizationId)} className={textLinkClass}>
          API key
        </a>{" "}
        that has the scope <code className="font-mono text-xs">dial</code>, or{" "}
        <a href="/docs" className={textLinkClass}>
          write your own
        </a>
        .
      </span>
    </>
  );
}
