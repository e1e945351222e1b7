"use client";

import type { BatchJobStatus } from "@/lib/batch-jobs/status";
import { useLive } from "./live-jobs";

/**
 * How many jobs have one of these statuses, by now. A client component, as it changes in place.
 *
 * @param fallback what the page counted, for a status of more jobs than are counted again and again.
 */
export function LiveCount({ statuses, fallback }: { statuses: BatchJobStatus[]; fallback: number[] }) {
  const { counts } = useLive().standing;
  const sum = statuses.reduce((total, status, at) => total + (counts[status] ?? fallback[at] ?? 0), 0);
  return <span className="text-xs tabular-nums">{sum.toLocaleString("en-US")}</span>;
}
