"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import type { ListedContact } from "@/lib/contacts/list";
import { formatTimeLeft, relativeTime, timeOrDate } from "@/lib/format/time";
import { ContactStatusBadge } from "../../components/contact-status";
import { LinkPending } from "../../components/link-pending";
import { textLinkClass } from "../../components/text-link";
import { type JobAddress, jobAddress } from "../job-address";
import { Outcome, type OutcomeOf } from "./outcome";

/** In ms since 1970, and as the server writes it in the person's time zone. */
type ShownTime = [ms: number, exact: string];

/** What the page shows of a contact. */
export interface ContactView extends Pick<ListedContact, "position" | "status">, OutcomeOf {
  name?: string;
  number: string;
  attempts: number;
  last?: ShownTime;
  retry?: ShownTime;
}

interface ContactTableProps {
  contacts: ContactView[];
  /** How often a contact is called at most. */
  attemptsMax: number;
  zone: string;
  nowMs: number;
  /** Of this page. Its contact is the one whose calls are shown. */
  address: JobAddress;
  calls: ReactNode;
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

function ContactRow(props: ContactTableProps & { contact: ContactView }) {
  const { contact, calls, attemptsMax, nowMs, address } = props;
  const { position, name, number, last, retry } = contact;
  const isOpen = position === address.contact;
  const href = jobAddress({ ...address, contact: isOpen ? undefined : position });
  return (
    <>
      <tr id={`contact-${position}`} className="contact-row">
        <td className="text-faint">{position}</td>
        <th scope="row">
          {name && <span className="block font-medium">{name}</span>}
          <span className={name ? "text-muted" : "font-medium"}>{number}</span>
        </th>
        <td>
          <ContactStatusBadge status={contact.status} />
          {retry && (
            <time
              dateTime={isoTime(retry)}
              title={retry[1]}
              className="mt-0.5 block text-xs text-muted max-sm:ml-1.5 max-sm:inline"
            >
              {describeRetry(retry[0], nowMs)}
            </time>
          )}
        </td>
        <td>
          <Link
            href={`${href}#contact-${position}`}
            prefetch={false}
            scroll={false}
            aria-expanded={isOpen}
            className={textLinkClass}
          >
            {contact.attempts} of {attemptsMax}
            <span className="sm:sr-only"> attempts</span>
            <span className="sr-only"> to call {name ?? number}</span>
            <LinkPending />
          </Link>
        </td>
        <td className={`text-muted ${last ? "" : "max-sm:hidden"}`}>
          {last && (
            <time dateTime={isoTime(last)} title={last[1]}>
              {timeOrDate(...last, nowMs)}
            </time>
          )}
        </td>
        <td>
          <Outcome of={contact} />
        </td>
      </tr>
      {isOpen && (
        <tr className="border-line max-sm:block sm:border-b sm:last:border-0">
          <td colSpan={6} className="max-sm:block">
            {calls}
          </td>
        </tr>
      )}
    </>
  );
}

const isoTime = ([ms]: ShownTime) => new Date(ms).toISOString();

function describeRetry(atMs: number, nowMs: number): string {
  const leftMs = atMs - nowMs;
  return leftMs > 0 ? `Retry in ${formatTimeLeft(leftMs)}` : `Retry due ${relativeTime(atMs, nowMs)}`;
}
