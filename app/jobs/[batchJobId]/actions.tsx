import Link from "next/link";
import type { ReactNode } from "react";
import { activeStatuses } from "@/lib/batch-jobs/status";
import { cancellableStatuses } from "@/lib/contacts/status";
import { localTime } from "@/lib/format/local-time";
import { quantity } from "@/lib/format/quantity";
import { Button, buttonClass } from "../../components/button";
import type { ErrorProps } from "../../components/form-result";
import { LinkPending } from "../../components/link-pending";
import { LocalTimeFields } from "../../components/local-time-fields";
import { Section } from "../../components/section";
import { type JobAction, type JobAddress, jobAddress } from "../job-address";
import type { JobContext } from "./heading";
import { OpenedForm } from "./opened-form";

interface ActionsProps extends JobContext {
  address: JobAddress;
  /** The input of a form that was refused. */
  draft: Record<string, string>;
  propsOf: ErrorProps;
}

/**
 * What owners and admins can do with a job that has not finished. An imported job gets its status from imports, and no
 * dialer gets its contacts: it can only be cancelled.
 */
export function Actions(props: ActionsProps) {
  const { job, address } = props;
  if (!activeStatuses.includes(job.status)) return null;
  const canStart = job.has_contacts && job.status !== "running";
  const forms = { cancel: Cancel, ...(canStart && { start: Start, reschedule: Reschedule }) };
  const Form = address.action && forms[address.action];
  const link = (action: JobAction, text: string) => (
    <Link
      id={openerOf(action)}
      href={jobAddress({ ...address, action: address.action === action ? undefined : action })}
      prefetch={false}
      scroll={false}
      aria-expanded={address.action === action}
      className={buttonClass()}
    >
      {text}
      <LinkPending />
    </Link>
  );
  return (
    <div className="flex flex-col gap-4 print:hidden">
      <div className="flex flex-wrap gap-2">
        {canStart && link("start", "Start now…")}
        {canStart && link("reschedule", scheduleLabel(props))}
        {link("cancel", "Cancel job…")}
      </div>
      {Form && address.action && (
        <OpenedForm key={address.action} opener={openerOf(address.action)}>
          <Form {...props} />
        </OpenedForm>
      )}
    </div>
  );
}

const openerOf = (action: JobAction) => `open-${action}`;

const scheduleLabel = ({ job }: ActionsProps) => (job.status === "scheduled" ? "Reschedule…" : "Schedule…");

function JobForm(props: { action: string; address: JobAddress; className?: string; children: ReactNode }) {
  const { action, address, className, children } = props;
  return (
    <form action={`/job-actions/${action}`} method="post" className={className}>
      <input type="hidden" name="organizationId" value={address.organizationId} />
      <input type="hidden" name="batchJobId" value={address.id} />
      <input type="hidden" name="back" value={address.back ?? ""} />
      {children}
    </form>
  );
}

/** How many contacts cancelling the job would cancel. */
function contactsLeft({ job }: ActionsProps): string {
  return quantity(
    cancellableStatuses.reduce((sum, status) => sum + (job.breakdown[status] ?? 0), 0),
    "contact",
  );
}

function Close({ address, children }: { address: JobAddress; children: string }) {
  return (
    <Link
      href={jobAddress({ ...address, action: undefined })}
      prefetch={false}
      scroll={false}
      className={buttonClass()}
    >
      {children}
    </Link>
  );
}

function Start(props: ActionsProps) {
  const { job, address } = props;
  const left = contactsLeft(props);
  return (
    <Section title="Start this job now?">
      <p className="text-muted">
        {job.status === "pending"
          ? `Dialers can already call ${left} of this job. Starting it only changes its status to running.`
          : `${left} will be called as soon as a dialer asks, up to ${job.concurrent_call_limit} at a time, instead of at the scheduled time.`}
      </p>
      <div className="flex flex-wrap gap-2">
        <JobForm action="start" address={address}>
          <Button type="submit" variant="primary">
            Start now
          </Button>
        </JobForm>
        <Close address={address}>{job.status === "pending" ? "Close" : "Keep schedule"}</Close>
      </div>
    </Section>
  );
}

function Cancel(props: ActionsProps) {
  const { job, address } = props;
  const calls = job.breakdown.dialing ?? 0;
  const ends = calls === 1 ? "ends" : "end";
  return (
    <Section title="Cancel this job?" danger>
      <p className="text-muted">
        {job.has_contacts
          ? `${contactsLeft(props)} will not be called. ${calls > 0 ? `${quantity(calls, "call")} under way ${ends} normally. ` : ""}`
          : "This job was imported: cancelling only changes its status here, and the next import may change it back. "}
        This can’t be undone.
      </p>
      <div className="flex flex-wrap gap-2">
        <JobForm action="cancel" address={address}>
          <Button type="submit" variant="danger">
            Cancel job
          </Button>
        </JobForm>
        <Close address={address}>Keep job</Close>
      </div>
    </Section>
  );
}

/** In the time zone that the job was scheduled in, or else the person's, unless another one is chosen. */
function Reschedule(props: ActionsProps) {
  const { job, address, draft, propsOf } = props;
  const zone = job.schedule_time_zone ?? props.zone;
  const current = job.scheduled_start_time && localTime(job.scheduled_start_time, zone);
  return (
    <Section title={scheduleLabel(props).replace("…", "")}>
      <JobForm action="reschedule" address={address} className="flex flex-col gap-4">
        <LocalTimeFields values={{ ...current, ...draft }} zone={zone} propsOf={propsOf} />
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant="primary">
            Save schedule
          </Button>
          <Close address={address}>Close</Close>
        </div>
      </JobForm>
    </Section>
  );
}
