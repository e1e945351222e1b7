import { redirect } from "next/navigation";
import { type JobsAddress, jobsAddress, readJobsAddress } from "@/lib/batch-jobs/address";
import { listBatchJobs } from "@/lib/batch-jobs/list";
import { getOverview } from "@/lib/batch-jobs/overview";
import type { Person } from "@/lib/person";
import { Refusal } from "@/lib/refusal";
import { sayStatus } from "@/lib/server/answering";
import { rememberOrganization } from "@/lib/users/preferences";
import { Viewer } from "@/lib/viewer";
import { Frame } from "../frame";
import NotFound from "../not-found";
import type { PageProps } from "../page-props";
import { shownZone, signedIn } from "../signed-in";
import { orTrouble } from "../trouble";
import { JobsBoard } from "./board";
import { NoOrganization } from "./empty";

/** `/jobs?organizationId=…&status=…&page=…&pageSize=…`: the API's parameters, and its list function. */
export default async function JobsPage({ searchParams }: PageProps) {
  const { address, notices } = readJobsAddress(await searchParams);
  const path = jobsAddress(address);
  return orTrouble({ title: "Jobs", path }, async () => draw(await signedIn(path), address, notices));
}

/** The viewer for an organization of the address; undefined for one that is foreign or not there. */
function findViewer(person: Person, organizationId: string): Viewer | undefined {
  try {
    return Viewer.fromPerson(person, organizationId);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** Where to begin when the address names no organization: the one used last, else the first. */
function firstOrganization(person: Person): string | undefined {
  const ids = person.memberships.map(({ organizationId }) => organizationId);
  return ids.find((id) => id === person.lastOrganizationId) ?? ids[0];
}

async function draw(person: Person, address: JobsAddress, notices: string[]) {
  const zone = await shownZone(person);
  const organizationId = address.organizationId ?? firstOrganization(person);
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
  const viewer = findViewer(person, organizationId);
  if (!viewer) {
    sayStatus(404);
    return <NotFound />;
  }
  const [list, overview] = await Promise.all([
    listBatchJobs(viewer, query, query.trouble),
    getOverview(viewer),
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
      <JobsBoard query={query} list={list} overview={overview} notices={notices} timeZone={zone.name} />
    </Frame>
  );
}
