import Link from "next/link";
import type { ListedCall } from "@/lib/calls/list";
import type { ListedContact } from "@/lib/contacts/list";
import { formatCallDuration, formatTimeLeft, relativeTime } from "@/lib/format/time";
import { exactTime } from "@/lib/format/time-zone";
import { ContactStatusBadge } from "../../components/contact-status";
import { LinkPending } from "../../components/link-pending";
import { ShortRelativeTime } from "../../components/relative-time";
import { textLinkClass } from "../../components/text-link";
import { Calls } from "./calls";
import type { JobContext } from "./heading";

interface ContactTableProps extends JobContext {
  contacts: ListedContact[];
  /** The position of the contact whose calls are shown. */
  open: number | undefined;
  calls: ListedCall[];
  addressOf: (contact: number | undefined) => string;
}

const columns = [
  ["No.", "w-14 lg:w-17"],
  ["Contact", ""],
  ["Status", "w-33 lg:w-40"],
  ["Attempts", "w-21"],
  ["Last attempt", "w-25 lg:w-28"],
  ["Outcome", "lg:w-80"],
] as const;
const heading = "px-3 py-2 text-left text-xs font-medium text-muted first:pl-4 last:pr-4";
const cell = "px-3 py-2.5 align-top max-sm:p-0 sm:first:pl-4 sm:last:pr-4";

/** A table, or cards on a phone. */
export function ContactTable(props: ContactTableProps) {
  const { contacts, zone } = props;
  return (
    <div className="sm:rounded-lg sm:border sm:border-line sm:bg-surface">
      <table className="w-full table-fixed border-collapse max-sm:block">
        <caption className="sr-only">Contacts, in the order of the upload. Times are in {zone}.</caption>
        <thead className="max-sm:sr-only">
          <tr className="border-b border-line">
            {columns.map(([name, width]) => (
              <th key={name} scope="col" className={`${heading} ${width}`}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="max-sm:flex max-sm:flex-col max-sm:gap-3">
          {contacts.map((contact) => (
            <ContactRow key={contact.position} {...props} contact={contact} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ContactRow(props: ContactTableProps & { contact: ListedContact }) {
  const { contact, open, calls, job, zone, nowMs, addressOf } = props;
  const { position, name, phone_number: number, last_attempt_at: last } = contact;
  const isOpen = position === open;
  return (
    <>
      <tr
        id={`contact-${position}`}
        className="scroll-mt-16 border-line max-sm:flex max-sm:flex-wrap max-sm:items-baseline max-sm:gap-x-3 max-sm:gap-y-1 max-sm:rounded-lg max-sm:border max-sm:bg-surface max-sm:px-4 max-sm:py-3 sm:border-b sm:last:border-0 print:break-inside-avoid"
      >
        <td className={`${cell} text-faint tabular-nums`}>{position}</td>
        <th
          scope="row"
          className={`${cell} text-left font-normal wrap-anywhere max-sm:grow max-sm:basis-4/5`}
        >
          {name && <span className="block font-medium">{name}</span>}
          <span className={`tabular-nums ${name ? "text-muted" : "font-medium"}`}>{number}</span>
        </th>
        <td className={cell}>
          <ContactStatusBadge status={contact.status} />
          <NextRetry at={contact.next_retry_at} zone={zone} nowMs={nowMs} />
        </td>
        <td className={cell}>
          <Link
            href={`${addressOf(isOpen ? undefined : position)}#contact-${position}`}
            prefetch={false}
            scroll={false}
            aria-expanded={isOpen}
            className={`${textLinkClass} whitespace-nowrap tabular-nums`}
          >
            {contact.attempt_count} of {job.retry_max_attempts}
            <span className="sm:sr-only"> attempts</span>
            <span className="sr-only"> to call {name ?? number}</span>
            <LinkPending />
          </Link>
        </td>
        <td className={`${cell} text-muted ${last ? "" : "max-sm:hidden"}`}>
          {last && <ShortRelativeTime at={last} zone={zone} nowMs={nowMs} />}
        </td>
        <td className={`${cell} wrap-anywhere`}>
          <Outcome contact={contact} />
        </td>
      </tr>
      {isOpen && (
        <tr className="border-line max-sm:block sm:border-b sm:last:border-0">
          <td colSpan={6} className="px-4 pb-3 max-sm:block max-sm:px-0">
            <Calls calls={calls} zone={zone} name={name ?? number} />
          </td>
        </tr>
      )}
    </>
  );
}

function NextRetry({ at, zone, nowMs }: { at: Date | null; zone: string; nowMs: number }) {
  if (!at) return null;
  const leftMs = at.getTime() - nowMs;
  return (
    <time
      dateTime={at.toISOString()}
      title={exactTime(at, zone)}
      className="mt-0.5 block text-xs text-muted tabular-nums max-sm:ml-1.5 max-sm:inline"
    >
      {leftMs > 0 ? `Retry in ${formatTimeLeft(leftMs)}` : `Retry due ${relativeTime(at.getTime(), nowMs)}`}
    </time>
  );
}

/** Why a call failed, as its dialer or the server says, and how long it took. */
export function Outcome({
  contact,
}: {
  contact: Pick<ListedContact, "failure_reason" | "error_code" | "call_duration">;
}) {
  const { failure_reason: reason, error_code: code, call_duration: seconds } = contact;
  const words = reason ?? (code && "Error");
  return (
    <>
      {words && <span>{words}</span>}
      {code && <span className="text-muted"> ({code})</span>}
      {seconds !== null && (
        <span className="text-muted tabular-nums sm:block">
          {words && " "}
          {formatCallDuration(seconds)}
        </span>
      )}
    </>
  );
}
