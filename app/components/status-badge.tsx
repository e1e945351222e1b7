import type { ReactNode } from "react";
import type { BatchJobStatus } from "@/lib/batch-jobs/status";
import { Icon } from "./icons";

const ring = <circle cx="8" cy="8" r="6" />;

/** No two statuses share a label, a shape or a colour. */
const variants: Record<BatchJobStatus, { label: string; color: string; shape: ReactNode }> = {
  pending: {
    label: "Pending",
    color: "text-pending",
    shape: <circle cx="8" cy="8" r="6" strokeDasharray="2.4 2.3" />,
  },
  scheduled: {
    label: "Scheduled",
    color: "text-scheduled",
    shape: (
      <>
        {ring}
        <path d="M8 4.75V8l2.25 1.5" />
      </>
    ),
  },
  running: {
    label: "Running",
    color: "text-running",
    shape: (
      <>
        {ring}
        <path d="M6.5 5.25v5.5L11 8z" fill="currentColor" />
      </>
    ),
  },
  completed: {
    label: "Completed",
    color: "text-completed",
    shape: (
      <>
        <circle cx="8" cy="8" r="6.75" fill="currentColor" stroke="none" />
        <path d="m5.25 8.25 2 2 3.5-4" className="stroke-surface" />
      </>
    ),
  },
  failed: {
    label: "Failed",
    color: "text-failed",
    shape: (
      <>
        <path d="M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2z" fill="currentColor" stroke="none" />
        <path d="m6 6 4 4M10 6l-4 4" className="stroke-surface" />
      </>
    ),
  },
  cancelled: {
    label: "Cancelled",
    color: "text-cancelled",
    shape: (
      <>
        {ring}
        <path d="m3.9 12.1 8.2-8.2" />
      </>
    ),
  },
};

export function statusLabel(status: BatchJobStatus): string {
  return variants[status].label;
}

export function statusColor(status: BatchJobStatus): string {
  return variants[status].color;
}

export function StatusIcon({ status }: { status: BatchJobStatus }) {
  return <Icon className={variants[status].color}>{variants[status].shape}</Icon>;
}

export function StatusBadge({ status }: { status: BatchJobStatus }) {
  return (
    <span className={`badge ${variants[status].color}`}>
      <StatusIcon status={status} />
      {variants[status].label}
    </span>
  );
}
