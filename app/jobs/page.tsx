import { redirect } from "next/navigation";
import type { Person } from "@/lib/access/person";
import { listExpiringApiKeys } from "@/lib/api-keys/list";
import { findActivity } from "@/lib/batch-jobs/activity";
import { type JobsAddress, jobsAddress, readJobsAddress, readQuery } from "@/lib/batch-jobs/address";
import { listChoices } from "@/lib/batch-jobs/choices";
import { resolveDates } from "@/lib/batch-jobs/date-ranges";
import { getJobsSummary } from "@/lib/batch-jobs/jobs-summary";
import { listBatchJobs } from "@/lib/batch-jobs/list";
import { findDefaultSavedView, listSavedViews } from "@/lib/saved-views/list";
import { savedViewNameMax, savedViewsMax } from "@/lib/saved-views/schema";
import { setStatus } from "@/lib/server/current-response";
import { rememberOrganization } from "@/lib/users/preferences";
import { AppShell } from "../app-shell";
import { FormResult, nameMessage } from "../components/form-result";
import NotFound from "../not-found";
import type { PageProps } from "../page-props";
import { renderOrError } from "../render-or-error";
import { findViewer, firstOrganization, readDraft, shownZone, signedIn } from "../signed-in";
import { NoOrganization } from "./empty";
import { ExpiringKeys } from "./expiring-keys";
import { renderFirstSteps } from "./first-steps";
import { JobsContent } from "./jobs-content";

const errors = {
  invalid_name: nameMessage("The view’s name", savedViewNameMax),
  invalid_query: "Nothing to save: this is the unfiltered list in its default order.",
  too_many_views: `You can save ${savedViewsMax} views. Delete one first.`,
};
const done = { saved: "View saved." };

type Parameters = Awaited<PageProps["searchParams"]>;

/** `/jobs?organizationId=…&status=…&page=…&pageSize=…`: the API's own parameters. */
export default async function JobsPage({ searchParams }: PageProps) {
  const parameters = await searchParams;
  const { address, notices } = readJobsAddress(parameters);
  const path = jobsAddress(address);
  return renderOrError({ title: "Jobs", path }, async () =>
    render(await signedIn(path, parameters.error), parameters, address, notices),
  );
}

async function render(person: Person, parameters: Parameters, address: JobsAddress, notices: string[]) {
  const zone = await shownZone(person);
  const organizationId = address.organizationId ?? (await firstOrganization(person));
  if (organizationId === undefined) {
    return (
      <AppShell context={{ person, zone, path: "/jobs" }}>
        <NoOrganization />
      </AppShell>
    );
  }
  const { query, invalid } = resolveDates({ ...address, organizationId }, zone.name, new Date());
  const allNotices = [...notices, ...invalid.map((value) => `“${value}” is not a date and was ignored.`)];
  const viewer = await findViewer(person, organizationId);
  if (!viewer) {
    setStatus(404);
    return <NotFound />;
  }
  // A complete address can be shared; forms leave more in it than is needed. A redirect would lose the notices.
  const isIncomplete = address.organizationId === undefined || parameters.form !== undefined;
  if (isIncomplete && allNotices.length === 0) {
    const view = Object.keys(parameters).length === 0 ? await findDefaultSavedView(viewer) : undefined;
    redirect(jobsAddress(view ? { ...readQuery(view.query), organizationId } : query));
  }
  const [list, summary, choices, views, draft, expiring] = await Promise.all([
    listBatchJobs(viewer, query),
    getJobsSummary(viewer),
    listChoices(viewer),
    listSavedViews(viewer),
    readDraft(organizationId),
    viewer.may("manageKeys") ? listExpiringApiKeys(viewer) : [],
    rememberOrganization(person, viewer),
  ]);
  const ids = list.batchJobs.map(({ id }) => id);
  const activity = await findActivity(viewer, ids, { ofOrganization: true });
  const hasJobs = Object.values(summary.counts).some((count) => count > 0);
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
      <JobsContent
        query={query}
        list={list}
        summary={summary}
        activity={activity}
        notices={allNotices}
        timeZone={zone.name}
        choices={choices}
        views={views}
        result={<FormResult parameters={parameters} errors={errors} done={done} />}
        viewName={draft.name}
        mayCreate={viewer.may("manageBatchJobs")}
        firstSteps={hasJobs ? null : await renderFirstSteps(viewer)}
      />
    </AppShell>
  );
}
