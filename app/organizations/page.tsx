import { returnPath } from "@/lib/http/return-path";
import { searchOrganizations } from "@/lib/organizations/search";
import { AppShell } from "../app-shell";
import { Pager } from "../components/pager";
import { SearchForm } from "../components/search-form";
import { textLinkClass } from "../components/text-link";
import { listPageSize, readListAddress } from "../list-address";
import type { PageProps } from "../page-props";
import { renderOrError } from "../render-or-error";
import { roleLabels } from "../settings/roles";
import { shownZone, signedIn } from "../signed-in";

/** `?search=…&page=…&to=…`, where `to` is the page to open for the organization chosen. */
export default function OrganizationsPage({ searchParams }: PageProps) {
  return renderOrError({ title: "Organizations", path: "/organizations" }, () => render(searchParams));
}

async function render(searchParams: PageProps["searchParams"]) {
  const parameters = await searchParams;
  const { search, page } = readListAddress(parameters);
  const to = returnPath(parameters.to);
  const addressOf = (change: { page?: number }) =>
    `/organizations?${new URLSearchParams({ search, to, page: String(change.page ?? page) })}`;
  const person = await signedIn(addressOf({}));
  const [zone, { rows: memberships, total }] = await Promise.all([
    shownZone(person),
    searchOrganizations(person, { search, page, pageSize: listPageSize }),
  ]);
  return (
    <AppShell context={{ person, zone, path: addressOf({}) }}>
      <title>Organizations – Batch Jobs</title>
      <div className="mx-auto max-w-3xl wrap-anywhere">
        <h1 className="mb-5 text-xl font-semibold tracking-tight">Organizations</h1>
        <SearchForm action="/organizations" label="Search by name or ID" search={search} hidden={{ to }} />
        {total === 0 ? (
          <p className="mt-5 text-muted">
            {search ? `No organizations match “${search}”.` : "You’re not a member of any organization."}
          </p>
        ) : (
          <ul className="mt-5 flex flex-col divide-y divide-line">
            {memberships.map(({ organizationId, organizationName, role }) => (
              <li key={organizationId} className="py-2.5">
                <a href={pageIn(to, organizationId)} className={`${textLinkClass} font-medium`}>
                  {organizationName}
                </a>
                <p className="text-xs text-muted">
                  <code className="font-mono">{organizationId}</code> · {roleLabels[role]}
                </p>
              </li>
            ))}
          </ul>
        )}
        {total > listPageSize && (
          <Pager total={total} page={page} pageSize={listPageSize} addressOf={addressOf} />
        )}
      </div>
    </AppShell>
  );
}

/** The same page of another organization. @param path of ours. */
function pageIn(path: string, organizationId: string): string {
  const [pathname, query] = path.split("?", 2);
  const parameters = new URLSearchParams(query);
  parameters.set("organizationId", organizationId);
  return `${pathname}?${parameters}`;
}
