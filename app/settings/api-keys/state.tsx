import { type ApiKeyState, type ApiKeySummary, expiryNoticeDays } from "@/lib/api-keys/list";
import { formatTimeLeft, relativeTime } from "@/lib/format/time";
import { WarnIcon } from "../../components/icons";

const words: Record<ApiKeyState, { word: string; variant: string }> = {
  active: { word: "Active", variant: "text-completed" },
  expiring: { word: "Expiring", variant: "text-warn" },
  rotating: { word: "Being replaced", variant: "text-running" },
  expired: { word: "Expired", variant: "text-faint" },
  revoked: { word: "Revoked", variant: "text-faint" },
};

export function StateBadge({ state }: { state: ApiKeyState }) {
  const { word, variant } = words[state];
  return (
    <span className={`inline-flex items-center gap-1.5 font-medium ${variant}`}>
      {state === "expiring" ? <WarnIcon /> : <span aria-hidden="true">●</span>}
      {word}
    </span>
  );
}

/** How loud the end of a key is said: the nearer, the louder. */
export function expiryVariant(expiresAt: Date, nowMs: number): "plain" | "warn" | "danger" {
  const days = (expiresAt.getTime() - nowMs) / 86_400_000;
  const [, soon, verySoon] = expiryNoticeDays;
  return days <= verySoon ? "danger" : days <= soon ? "warn" : "plain";
}

/** When a key ends, or ended, in words. */
export function expiryLabel(key: ApiKeySummary, nowMs: number): string {
  if (key.revokedAt) return `Revoked ${relativeTime(key.revokedAt.getTime(), nowMs)}`;
  if (!key.expiresAt) return "Never expires";
  const leftMs = key.expiresAt.getTime() - nowMs;
  if (leftMs <= 0) return `Expired ${relativeTime(key.expiresAt.getTime(), nowMs)}`;
  return `${key.state === "rotating" ? "Ends" : "Expires"} in ${formatTimeLeft(leftMs)}`;
}

/** Whether programs asked with a key after it got its successor; noted once a minute. */
export function isStillUsed({ state, lastUsedAt, rotatedAt }: ApiKeySummary): boolean {
  return state === "rotating" && lastUsedAt !== null && rotatedAt !== null && lastUsedAt > rotatedAt;
}
