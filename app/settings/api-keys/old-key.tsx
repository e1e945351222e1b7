import type { ApiKeySummary } from "@/lib/api-keys/list";
import { Notice } from "../../components/notice";
import { RelativeTime } from "../../components/relative-time";

/** After a rotation: until when the old key goes on, which may be less than was chosen. */
export function OldKey({ apiKey, zone, nowMs }: { apiKey: ApiKeySummary; zone: string; nowMs: number }) {
  const { start, lastFour, state, expiresAt } = apiKey;
  return (
    <Notice>
      The old key{" "}
      <code className="font-mono">
        {start}…{lastFour}
      </code>{" "}
      {state !== "rotating" || expiresAt === null ? (
        "has been revoked."
      ) : (
        <>
          works until it expires <RelativeTime at={expiresAt} zone={zone} nowMs={nowMs} />.
        </>
      )}
    </Notice>
  );
}
