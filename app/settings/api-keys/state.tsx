import { type ApiKeyState, type ApiKeySummary, expiryNoticeDays } from "@/lib/api-keys/list";
import { leftInWords, relativeTime } from "@/lib/relative-time";
import { WarnIcon } from "../../parts/icons";

const words: Record<ApiKeyState, { word: string; look: string }> = {
  active: { word: "Active", look: "text-completed" },
  expiring: { word: "Expiring", look: "text-warn" },
  rotating: { word: "Being replaced", look: "text-running" },
  expired: { word: "Expired", look: "text-faint" },
  revoked: { word: "Revoked", look: "text-faint" },
};

export function StateBadge({ state }: { state: ApiKeyState }) {
  const { word, look } = words[state];
  return (
    <span className={`inline-flex items-center gap-1.5 font-medium ${look}`}>
      {state === "expiring" ? <WarnIcon /> : <span aria-hidden="true">●</span>}
      {word}
    </span>
  );
}

/** How loud the end of a key is said: the nearer, the louder. */
export function expiryLook(expiresAt: Date, nowMs: number): "plain" | "warn" | "danger" {
  const days = (expiresAt.getTime() - nowMs) / 86_400_000;
  const [, soon, verySoon] = expiryNoticeDays;
  return days <= verySoon ? "danger" : days <= soon ? "warn" : "plain";
}

/** When a key ends, or ended, in words. */
export function endInWords(key: ApiKeySummary, nowMs: number): string {
  if (key.revokedAt) return `Revoked ${relativeTime(key.revokedAt.getTime(), nowMs)}`;
  if (!key.expiresAt) return "Never expires";
  const leftMs = key.expiresAt.getTime() - nowMs;
  if (leftMs <= 0) return `Expired ${relativeTime(key.expiresAt.getTime(), nowMs)}`;
  return `${key.state === "rotating" ? "Ends" : "Expires"} in ${leftInWords(leftMs)}`;
}

/** Whether programs asked with a key after it got its successor; noted once a minute. */
export function isStillUsed({ state, lastUsedAt, rotatedAt }: ApiKeySummary): boolean {
  return state === "rotating" && lastUsedAt !== null && rotatedAt !== null && lastUsedAt > rotatedAt;
}
