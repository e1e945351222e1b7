"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import type { ListedContact } from "@/lib/contacts/list";
import { formatTimeLeft, relativeTime, timeOrDate } from "@/lib/format/time";
import { useNow } from "../../components/clock";
import { ContactStatusBadge } from "../../components/contact-status";
import { LinkPending } from "../../components/link-pending";
import { type JobAddress, jobAddress } from "../job-address";
import type { WrittenTime } from "../jobs-snapshot";
import { openFromTime } from "../open-from-time";

type ExactTime = Omit<WrittenTime, "short">;

/** What a row shows of a contact. */
export interface ContactView extends Pick<ListedContact, "position" | "status"> {
  name?: string;
  number: string;
  attempts: number;
  last?: ExactTime;
  retry?: ExactTime;
  /** In words. */
  outcome?: string;
}

interface ContactTableProps {
  contacts: ContactView[];
  /** How often a contact is called at most. */
  attemptsMax: number;
  zone: string;
  nowMs: number;
  /** Of this page. Its contact is the one that is open. */
  address: JobAddress;
  /** Of that contact. */
  details: ReactNode;
}

const columns = [
  ["No.", "w-14 lg:w-17"],
  ["Contact", ""],
  ["Status", "w-33 lg:w-40"],
  ["Attempts", "w-21"],
  ["Last attempt", "w-25 lg:w-28"],
  ["Outcome", "lg:w-92"],
] as const;
const heading = "px-3 py-2 text-left text-xs font-medium text-muted first:pl-4 last:pr-4";

/**
 * A table, or cards on a phone. A client component, because what a server component renders is in the page a second time,
 * as data for scripts; of this one only the contacts are.
 */
export function ContactTable(props: ContactTableProps) {
  const { contacts, zone } = props;
  return (
    <div className="sm:rounded-lg sm:border sm:border-line sm:bg-surface">
      <table className="contact-table w-full table-fixed border-collapse max-sm:block">
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

/** The contact's link covers its row. */
function ContactRow(props: ContactTableProps & { contact: ContactView }) {
  const { contact, details, attemptsMax, nowMs, address } = props;
  const { position, name, number, last, retry, outcome } = contact;
  const isOpen = position === address.contact;
  const href = jobAddress({ ...address, contact: isOpen ? undefined : position });
  return (
    <>
      <tr id={`contact-${position}`} onClick={openFromTime} className="contact-row">
        <td className="text-faint">{position}</td>
        <th scope="row">
          <Link href={`${href}#contact-${position}`} prefetch={false} scroll={false} aria-expanded={isOpen}>
            {name ?? number}
            <LinkPending />
          </Link>
          {name && <span> {number}</span>}
        </th>
        <td>
          <ContactStatusBadge status={contact.status} />
        </td>
        <td>
          {contact.attempts} of {attemptsMax}
          <span className="sm:sr-only"> attempts</span>
        </td>
        <td className={`text-muted ${last ? "" : "max-sm:hidden"}`}>
          {last && (
            <>
              <span className="sm:sr-only">Last attempt </span>
              <ContactTime at={last} nowMs={nowMs} format={timeOrDate} />
            </>
          )}
        </td>
        <td>
          {outcome}
          {retry && (
            <span className="text-muted">
              {outcome && " · "}
              <ContactTime at={retry} nowMs={nowMs} format={describeRetry} />
            </span>
          )}
        </td>
      </tr>
      {isOpen && (
        <tr className="contact-details">
          <td colSpan={6}>{details}</td>
        </tr>
      )}
    </>
  );
}

/** In a component of its own, so that with the time no more than this is rendered. */
function ContactTime(props: {
  at: ExactTime;
  nowMs: number;
  format: (atMs: number, exact: string, nowMs: number) => string;
}) {
  const { at, format } = props;
  const nowMs = useNow(props.nowMs);
  return (
    <time dateTime={new Date(at.ms).toISOString()} title={at.exact}>
      {format(at.ms, at.exact, nowMs)}
    </time>
  );
}

function describeRetry(atMs: number, _exact: string, nowMs: number): string {
  const leftMs = atMs - nowMs;
  return leftMs > 0 ? `Retry in ${formatTimeLeft(leftMs)}` : `Retry due ${relativeTime(atMs, nowMs)}`;
}
