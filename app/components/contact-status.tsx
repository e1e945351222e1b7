import type { BatchJobStatus } from "@/lib/batch-jobs/status";
import type { ContactStatus } from "@/lib/contacts/status";
import { StatusIcon, statusColor } from "./status-badge";

/** Its label, and the status of a job whose icon and color it has. */
const variants: Record<ContactStatus, [label: string, like: BatchJobStatus]> = {
  pending: ["Pending", "pending"],
  queued: ["Queued", "pending"],
  dialing: ["Dialing", "running"],
  completed: ["Completed", "completed"],
  no_answer: ["No answer", "scheduled"],
  busy: ["Busy", "scheduled"],
  timeout: ["Timeout", "scheduled"],
  blocked: ["Blocked", "failed"],
  invalid_number: ["Invalid number", "failed"],
  carrier_error: ["Carrier error", "failed"],
  failed: ["Failed", "failed"],
  cancelled: ["Cancelled", "cancelled"],
};

export function contactStatusLabel(status: ContactStatus): string {
  return variants[status][0];
}

export function ContactStatusIcon({ status }: { status: ContactStatus }) {
  return <StatusIcon status={variants[status][1]} />;
}

export function ContactStatusBadge({ status }: { status: ContactStatus }) {
  const [label, like] = variants[status];
  return (
    <span className={`badge ${statusColor(like)}`}>
      <StatusIcon status={like} />
      {label}
    </span>
  );
}
