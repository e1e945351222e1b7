import { redirect } from "next/navigation";
import { listExpiringApiKeys } from "@/lib/api-keys/list";
import { type JobsAddress, jobsAddress, readJobsAddress } from "@/lib/batch-jobs/address";
import { listBatchJobs } from "@/lib/batch-jobs/list";
import { getOverview } from "@/lib/batch-jobs/overview";
import type { Person } from "@/lib/person";
import { sayStatus } from "@/lib/server/answering";
import { rememberOrganization } from "@/lib/users/preferences";
import { Frame } from "../frame";
import NotFound from "../not-found";
import { findViewer, firstOrganization } from "../organization";
import type { PageProps } from "../page-props";
import { shownZone, signedIn } from "../signed-in";
import { orTrouble } from "../trouble";
import { JobsBoard } from "./board";
import { NoOrganization } from "./empty";
import { ExpiringKeys } from "./expiring-keys";

/** `/jobs?organizationId=…&status=…&page=…&pageSize=…`: the API's parameters, and its list function. */
export default async function JobsPage({ searchParams }: PageProps) {
  const { address, notices } = readJobsAddress(await searchParams);
  const path = jobsAddress(address);
  return orTrouble({ title: "Jobs", path }, async () => draw(await signedIn(path), address, notices));
}

async function draw(person: Person, address: JobsAddress, notices: string[]) {
  const zone = await shownZone(person);
  const organizationId = address.organizationId ?? (await firstOrganization(person));
  if (organizationId === undefined) {
    return (
      <Frame signed={{ person, zone, path: "/jobs" }}>
        <NoOrganization />
      </Frame>
    );
  }
  const query = { ...address, organizationId };
  // Then the address says all there is to say, and can be shared. Not where something is to be said first.
  if (address.organizationId === undefined && notices.length === 0) redirect(jobsAddress(query));
  const viewer = await findViewer(person, organizationId);
  if (!viewer) {
    sayStatus(404);
    return <NotFound />;
  }
  const [list, overview, expiring] = await Promise.all([
    listBatchJobs(viewer, query, query.trouble),
    getOverview(viewer),
    viewer.may("manageKeys") ? listExpiringApiKeys(viewer) : [],
    rememberOrganization(person, viewer),
  ]);
  return (
    <Frame
      signed={{
        person,
        zone,
        organizationId,
        path: jobsAddress(query),
        addressIn: (other) => jobsAddress({ ...query, organizationId: other, page: 1 }),
      }}
    >
      <ExpiringKeys apiKeys={expiring} organizationId={organizationId} nowMs={Date.now()} />
      <JobsBoard query={query} list={list} overview={overview} notices={notices} timeZone={zone.name} />
    </Frame>
  );
}
