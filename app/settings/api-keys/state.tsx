import { type ApiKeyState, type ApiKeySummary, expiryNoticeDays } from "@/lib/api-keys/list";
import { formatTimeLeft, relativeTime } from "@/lib/format/time";
import { WarnIcon } from "../../components/icons";

const badges: Record<ApiKeyState, { label: string; color: string }> = {
  active: { label: "Active", color: "text-completed" },
  expiring: { label: "Expiring", color: "text-warn" },
  rotating: { label: "Rotating", color: "text-running" },
  expired: { label: "Expired", color: "text-faint" },
  revoked: { label: "Revoked", color: "text-faint" },
};

export function StateBadge({ state }: { state: ApiKeyState }) {
  const { label, color } = badges[state];
  return (
    <span className={`inline-flex items-center gap-1.5 font-medium ${color}`}>
      {state === "expiring" ? <WarnIcon /> : <span aria-hidden="true">●</span>}
      {label}
    </span>
  );
}

export function expiryVariant(expiresAt: Date, nowMs: number): "plain" | "warn" | "danger" {
  const days = (expiresAt.getTime() - nowMs) / 86_400_000;
  const [, soon, verySoon] = expiryNoticeDays;
  return days <= verySoon ? "danger" : days <= soon ? "warn" : "plain";
}

export function expiryLabel(key: ApiKeySummary, nowMs: number): string {
  if (key.revokedAt) return `Revoked ${relativeTime(key.revokedAt.getTime(), nowMs)}`;
  if (!key.expiresAt) return "Never expires";
  const leftMs = key.expiresAt.getTime() - nowMs;
  if (leftMs <= 0) return `Expired ${relativeTime(key.expiresAt.getTime(), nowMs)}`;
  return `Expires in ${formatTimeLeft(leftMs)}`;
}

/** Whether a key was used after it was rotated; `lastUsedAt` is updated once a minute. */
export function isStillUsed({ state, lastUsedAt, rotatedAt }: ApiKeySummary): boolean {
  return state === "rotating" && lastUsedAt !== null && rotatedAt !== null && lastUsedAt > rotatedAt;
}
