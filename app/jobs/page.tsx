import { redirect } from "next/navigation";
import type { Person } from "@/lib/access/person";
import { listExpiringApiKeys } from "@/lib/api-keys/list";
import { type JobsAddress, jobsAddress, readJobsAddress } from "@/lib/batch-jobs/address";
import { listBatchJobs } from "@/lib/batch-jobs/list";
import { getOverview } from "@/lib/batch-jobs/overview";
import { setStatus } from "@/lib/server/current-response";
import { rememberOrganization } from "@/lib/users/preferences";
import { AppShell } from "../app-shell";
import NotFound from "../not-found";
import type { PageProps } from "../page-props";
import { renderOrError } from "../render-or-error";
import { findViewer, firstOrganization, shownZone, signedIn } from "../signed-in";
import { NoOrganization } from "./empty";
import { ExpiringKeys } from "./expiring-keys";
import { JobsContent } from "./jobs-content";

/** `/jobs?organizationId=…&status=…&page=…&pageSize=…`: the API's own parameters. */
export default async function JobsPage({ searchParams }: PageProps) {
  const { address, notices } = readJobsAddress(await searchParams);
  const path = jobsAddress(address);
  return renderOrError({ title: "Jobs", path }, async () => render(await signedIn(path), address, notices));
}

async function render(person: Person, address: JobsAddress, notices: string[]) {
  const zone = await shownZone(person);
  const organizationId = address.organizationId ?? (await firstOrganization(person));
  if (organizationId === undefined) {
    return (
      <AppShell context={{ person, zone, path: "/jobs" }}>
        <NoOrganization />
      </AppShell>
    );
  }
  const query = { ...address, organizationId };
  // A complete address can be shared. A redirect would lose the notices.
  if (address.organizationId === undefined && notices.length === 0) redirect(jobsAddress(query));
  const viewer = await findViewer(person, organizationId);
  if (!viewer) {
    setStatus(404);
    return <NotFound />;
  }
  const [list, overview, expiring] = await Promise.all([
    listBatchJobs(viewer, query),
    getOverview(viewer),
    viewer.may("manageKeys") ? listExpiringApiKeys(viewer) : [],
    rememberOrganization(person, viewer),
  ]);
  return (
    <AppShell
      context={{
        person,
        zone,
        organizationId,
        path: jobsAddress(query),
        addressIn: (other) => jobsAddress({ ...query, organizationId: other, page: 1 }),
      }}
    >
      <ExpiringKeys apiKeys={expiring} organizationId={organizationId} nowMs={Date.now()} />
      <JobsContent query={query} list={list} overview={overview} notices={notices} timeZone={zone.name} />
    </AppShell>
  );
}
