import type { ListedCall } from "@/lib/calls/list";
import type { ListedContact } from "@/lib/contacts/list";
import { contactStatuses } from "@/lib/contacts/status";
import type { PageWithTotal } from "@/lib/database/page-with-total";
import { formatNumber } from "@/lib/format/quantity";
import { ContactStatusIcon, contactStatusLabel } from "../../components/contact-status";
import { Pager } from "../../components/pager";
import { SearchForm } from "../../components/search-form";
import { Tab, Tabs } from "../../components/tabs";
import { textLinkClass } from "../../components/text-link";
import { listPageSize } from "../../list-address";
import { type JobAddress, jobAddress } from "../job-address";
import { ContactTable } from "./contact-table";
import type { JobContext } from "./heading";

interface ContactsProps extends JobContext {
  address: JobAddress & { q: string; page: number };
  contacts: PageWithTotal<ListedContact>;
  /** To the contact that is open. */
  calls: ListedCall[];
}

/** The contacts of a job, filtered by status, number and name. */
export function Contacts({ job, zone, nowMs, address, contacts, calls }: ContactsProps) {
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
  const shown = contactStatuses.filter((one) => one === status || job.breakdown[one]);
  return (
    <section id="contacts" className="scroll-mt-16">
      <div className="flex flex-wrap items-start justify-between gap-x-6 print:block">
        {heading}
        <div className="mb-3 print:hidden">
          <SearchForm
            action={`/jobs/${id}`}
            name="q"
            label="Search by number or name"
            placeholder="Number or name"
            search={q}
            hidden={hidden}
          />
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
          {...{ job, zone, nowMs, calls }}
          contacts={contacts.rows}
          open={address.contact}
          addressOf={(contact) => addressWith({ page, contact })}
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

function Count({ of }: { of: number }) {
  return <span className="text-xs tabular-nums">{formatNumber(of)}</span>;
}
