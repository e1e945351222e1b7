import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import type { Person } from "@/lib/access/person";
import { findJobForPage } from "@/lib/batch-jobs/job-for-page";
import { identifierPattern } from "@/lib/format/text";
import { setStatus } from "@/lib/server/current-response";
import { rememberOrganization } from "@/lib/users/preferences";
import NotFound from "../../not-found";
import type { PageProps } from "../../page-props";
import { renderOrError } from "../../render-or-error";
import { findViewer, firstOrganization, shownZone, signedIn } from "../../signed-in";
import { jobAddress, refreshCookie } from "../job-address";
import { readJobAddress } from "./read-address";
import { renderJob } from "./render-job";

interface JobPageProps extends PageProps {
  params: Promise<{ batchJobId: string }>;
}

/** `/jobs/{id}?organizationId=…&status=…&q=…&page=…&contact=…`, the last four about its contacts. */
export default async function JobPage({ params, searchParams }: JobPageProps) {
  const parameters = await searchParams;
  const { query, notices } = readJobAddress((await params).batchJobId, parameters);
  // Anything that cannot be one is answered as one that does not exist.
  const given = parameters.organizationId === undefined ? undefined : String(parameters.organizationId);
  const pathIn = (organizationId = "") => jobAddress({ ...query, organizationId });
  const path = pathIn(given);

  async function render(person: Person) {
    const zone = await shownZone(person);
    const organizationId = given ?? (await firstOrganization(person));
    if (organizationId === undefined) redirect("/jobs");
    if (given === undefined) redirect(pathIn(organizationId));
    const viewer = await findViewer(person, organizationId);
    const job =
      viewer && identifierPattern.test(query.id) ? await findJobForPage(viewer, query.id) : undefined;
    if (!viewer || !job) {
      setStatus(404);
      return <NotFound />;
    }
    await rememberOrganization(person, viewer);
    // Not as a component, whose failures renderOrError would not see.
    return renderJob({ person, viewer, zone, job, query, notices, parameters });
  }

  const isRefresh = (await cookies()).has(refreshCookie);
  return renderOrError({ title: "Job", path }, async () =>
    render(await signedIn(path, parameters.error, !isRefresh)),
  );
}
