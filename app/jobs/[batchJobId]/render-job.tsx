import type { Person } from "@/lib/access/person";
import type { Viewer } from "@/lib/access/viewer";
import { findActivity } from "@/lib/batch-jobs/activity";
import { jobsAddress } from "@/lib/batch-jobs/address";
import { type JobForPage, versionOf } from "@/lib/batch-jobs/job-for-page";
import { activeStatuses } from "@/lib/batch-jobs/status";
import { listCalls } from "@/lib/calls/list";
import { findWaiting } from "@/lib/calls/waiting";
import { findContactData } from "@/lib/contacts/find";
import { listContacts } from "@/lib/contacts/list";
import { exactTime } from "@/lib/format/time-zone";
import { AppShell } from "../../app-shell";
import { Clock } from "../../components/clock";
import { errorProps, FormResult } from "../../components/form-result";
import { timeErrorFields } from "../../components/local-time";
import { Notice } from "../../components/notice";
import { statusLabel } from "../../components/status-badge";
import { textLinkClass } from "../../components/text-link";
import { listPageSize } from "../../list-address";
import type { PageProps } from "../../page-props";
import { readDraft, type ShownZone } from "../../signed-in";
import { CountedTitle } from "../../watch/watching";
import { jobAddress } from "../job-address";
import { Actions } from "./actions";
import { Contacts } from "./contacts";
import { Details } from "./details";
import { JobHeading } from "./heading";
import { LiveJob } from "./live-job";
import { done, errors } from "./messages";
import { Progress } from "./progress";
import { type JobQuery, listAddress } from "./read-address";
import { findSkippedRows, SkippedRowsNotice } from "./skipped-rows";

/** Whether dialers can get contacts of the job now. */
function isDialable({ has_contacts, status, scheduled_start_time, as_of }: JobForPage): boolean {
  const isDue = status !== "scheduled" || (scheduled_start_time !== null && scheduled_start_time <= as_of);
  return has_contacts && activeStatuses.includes(status) && isDue;
}

export async function renderJob(props: {
  person: Person;
  viewer: Viewer;
  zone: ShownZone;
  job: JobForPage;
  query: JobQuery;
  notices: string[];
  parameters: Awaited<PageProps["searchParams"]>;
}) {
  const { person, viewer, zone, job, query, notices, parameters } = props;
  const { organizationId } = viewer;
  const address = { ...query, organizationId };
  const opened = query.contact && { batchJobId: job.id, position: query.contact };
  const [activity, waiting, contacts, data, calls, draft, skippedRows] = await Promise.all([
    findActivity(viewer, [job.id]),
    isDialable(job) ? findWaiting(viewer, job) : undefined,
    listContacts(viewer, job.id, { ...query, search: query.q, pageSize: listPageSize }),
    opened ? findContactData(viewer, opened) : undefined,
    opened ? listCalls(viewer, opened) : [],
    readDraft(organizationId),
    findSkippedRows(person, organizationId),
  ]);
  const context = { job, zone: zone.name, nowMs: job.as_of.getTime() };
  return (
    <AppShell
      context={{
        person,
        zone,
        organizationId,
        path: jobAddress(address),
        addressIn: (other) => jobsAddress({ organizationId: other }),
      }}
    >
      <Clock asOfMs={context.nowMs}>
        <CountedTitle title={`${job.name} – Batch Jobs`} />
        <div className="mb-2 flex flex-wrap items-center justify-between gap-x-6">
          <a href={listAddress(organizationId, query.back)} className={`${textLinkClass} print:hidden`}>
            ← Jobs
          </a>
          <LiveJob
            address={`/live/job?${new URLSearchParams({ organizationId, id: job.id })}`}
            version={versionOf(job)}
            status={`${job.name}: ${statusLabel(job.status).toLowerCase()}`}
            isFinished={!activeStatuses.includes(job.status) && !job.breakdown.dialing}
            asOf={exactTime(job.as_of, zone.name)}
            asOfMs={context.nowMs}
          />
        </div>
        <JobHeading job={job} />
        <div className="flex flex-col gap-5" data-replaced="">
          <FormResult parameters={parameters} errors={errors} done={done} />
          {skippedRows && <SkippedRowsNotice {...skippedRows} />}
          {notices.map((notice) => (
            <Notice key={notice}>{notice}</Notice>
          ))}
          {viewer.may("manageBatchJobs") && (
            <Actions
              {...context}
              address={address}
              draft={draft}
              propsOf={errorProps(parameters, errors, timeErrorFields)}
            />
          )}
          <div className="grid gap-5 lg:grid-cols-2">
            <Progress {...context} organizationId={organizationId} activity={activity} waiting={waiting} />
            <Details {...context} />
          </div>
          <Contacts {...context} address={address} contacts={contacts} data={data} calls={calls} />
        </div>
      </Clock>
    </AppShell>
  );
}
