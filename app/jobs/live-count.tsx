"use client";

import type { BatchJobStatus } from "@/lib/batch-jobs/status";
import { formatNumber } from "@/lib/format/quantity";
import { useLive } from "./live-jobs";

/**
 * How many jobs have one of these statuses, by now. A client component, as it changes in place.
 */
export function LiveCount({ statuses }: { statuses: BatchJobStatus[] }) {
  const { counts } = useLive().snapshot;
  const sum = statuses.reduce((total, status) => total + counts[status], 0);
  return <span className="text-xs tabular-nums">{formatNumber(sum)}</span>;
}
