import type { ListedCall } from "@/lib/calls/list";
import type { ListedContact } from "@/lib/contacts/list";
import { contactStatuses } from "@/lib/contacts/status";
import type { PageWithTotal } from "@/lib/database/page-with-total";
import { formatNumber } from "@/lib/format/quantity";
import { exactTime } from "@/lib/format/time-zone";
import { toolbarButtonClass } from "../../components/button";
import { ContactStatusIcon, contactStatusLabel } from "../../components/contact-status";
import { Menu, MenuHeading, menuItemClass } from "../../components/menu";
import { Pager } from "../../components/pager";
import { SearchForm } from "../../components/search-form";
import { Tab, Tabs } from "../../components/tabs";
import { textLinkClass } from "../../components/text-link";
import { listPageSize } from "../../list-address";
import { contactsFileAddress, type JobAddress, jobAddress } from "../job-address";
import { ContactDetails } from "./contact-details";
import { ContactTable, type ContactView } from "./contact-table";
import type { JobContext } from "./heading";
import { describeOutcome } from "./outcome";

interface ContactsProps extends JobContext {
  address: JobAddress & { q: string; page: number };
  contacts: PageWithTotal<ListedContact>;
  /** Of the contact that is open: what was given for it, and its calls. */
  data: Record<string, unknown> | undefined;
  calls: ListedCall[];
}

/** The contacts of a job, filtered by status, number and name. */
export function Contacts({ job, zone, nowMs, address, contacts, data, calls }: ContactsProps) {
  const { id, organizationId, status, q, page, back } = address;
  const addressWith = (change: Partial<JobAddress>) =>
    jobAddress({ id, organizationId, status, q, back, ...change });
  const heading = <h2 className="mb-3 text-base font-medium">Contacts</h2>;
  if (!job.has_contacts) {
    return (
      <section>
        {heading}
        <p className="text-muted">
          This job was imported: this server has its counts, but not its contacts or calls.
        </p>
      </section>
    );
  }
  const hidden = { organizationId, ...(status && { status }), ...(back && { back }) };
  const opened = contacts.rows.find(({ position }) => position === address.contact);
  const shown = contactStatuses.filter((one) => one === status || job.breakdown[one]);
  return (
    <section id="contacts" className="scroll-mt-16">
      <div className="flex flex-wrap items-start justify-between gap-x-6 print:block">
        {heading}
        <div className="mb-3 flex flex-wrap gap-2 print:hidden">
          <SearchForm
            action={`/jobs/${id}`}
            name="q"
            label="Search by number or name"
            placeholder="Number or name"
            search={q}
            hidden={hidden}
          />
          <ExportMenu address={address} />
        </div>
      </div>
      <Tabs label="Filter contacts by status">
        <Tab href={addressWith({ status: undefined })} isCurrent={!status}>
          All <Count of={job.total_contacts} />
        </Tab>
        {shown.map((one) => (
          <Tab key={one} href={addressWith({ status: one })} isCurrent={one === status}>
            <ContactStatusIcon status={one} />
            {contactStatusLabel(one)} <Count of={job.breakdown[one] ?? 0} />
          </Tab>
        ))}
      </Tabs>
      {contacts.rows.length > 0 && (
        <ContactTable
          contacts={contacts.rows.map((contact) => viewContact(contact, zone))}
          attemptsMax={job.retry_max_attempts}
          {...{ zone, nowMs }}
          address={{ id, organizationId, status, q, back, page, contact: address.contact }}
          details={
            opened && <ContactDetails contact={opened} data={data ?? {}} {...{ calls, zone, nowMs }} />
          }
        />
      )}
      {contacts.total === 0 && (
        <p className="text-muted">
          No contacts match.{" "}
          <a href={addressWith({ status: undefined, q: "" })} className={textLinkClass}>
            Show all contacts
          </a>
        </p>
      )}
      {contacts.total > 0 && (
        <Pager
          total={contacts.total}
          page={page}
          pageSize={listPageSize}
          addressOf={(change) => addressWith(change)}
        />
      )}
    </section>
  );
}

/** @param zone for the exact times. */
function viewContact(contact: ListedContact, zone: string): ContactView {
  const { position, status } = contact;
  const name = contact.name?.trim();
  const outcome = describeOutcome(contact);
  const { last_attempt_at: last, next_retry_at: retry } = contact;
  const time = (at: Date): ContactView["last"] => ({ ms: at.getTime(), exact: exactTime(at, zone) });
  // Most have few of these, and each that is left out makes the page smaller.
  return {
    ...{ position, status, number: contact.phone_number, attempts: contact.attempt_count },
    ...(name && { name }),
    ...(outcome !== undefined && { outcome }),
    ...(last && { last: time(last) }),
    ...(retry && { retry: time(retry) }),
  };
}

function Count({ of }: { of: number }) {
  return <span className="text-xs tabular-nums">{formatNumber(of)}</span>;
}

function ExportMenu({ address }: { address: JobAddress }) {
  const isFiltered = address.status !== undefined || Boolean(address.q);
  return (
    <Menu
      label="Export contacts"
      button="Export"
      buttonClass={toolbarButtonClass}
      panelClass="menu-panel w-64"
    >
      <MenuHeading>{isFiltered ? "All contacts that match" : "All contacts"}, with their results</MenuHeading>
      <a href={contactsFileAddress(address)} className={menuItemClass}>
        Download CSV
      </a>
      <a href={contactsFileAddress(address, { bom: true })} className={menuItemClass}>
        Download CSV for Excel
      </a>
    </Menu>
  );
}
