import type { ReactNode } from "react";
import { type JobsQuery, jobsAddress } from "@/lib/batch-jobs/address";
import { isCounted } from "@/lib/batch-jobs/schema";
import { environment } from "@/lib/environment";
import { buttonClass } from "../components/button";
import { statusLabel } from "../components/status-badge";
import { textLinkClass } from "../components/text-link";
import { settingsAddress } from "../settings/address";
import { healthLabels } from "./status-filter";

function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section
      data-replaced=""
      className="flex flex-col items-center gap-3 rounded-lg border border-dashed border-edge px-5 py-12 text-center"
    >
      <h2 className="text-base font-medium">{title}</h2>
      {children}
    </section>
  );
}

function Command({ children }: { children: string }) {
  return (
    <pre className="rounded-md border border-line bg-raised p-3.5 text-left font-mono text-xs leading-5 whitespace-pre-wrap wrap-anywhere select-all">
      <code>{children}</code>
    </pre>
  );
}

export function NoJobs({ query: { organizationId } }: { query: JobsQuery }) {
  return (
    <Empty title="No jobs yet">
      <p className="max-w-prose text-muted">
        Jobs appear here once your administrator imports them. Programs read them with an API key, which an
        owner can create under{" "}
        <a href={settingsAddress("api-keys", organizationId)} className={textLinkClass}>
          API keys
        </a>
        :
      </p>
      <div className="flex w-full max-w-2xl flex-col gap-3">
        <Command>{`npm run -s admin -- batch-jobs import --organization ${organizationId} jobs.jsonl`}</Command>
        <Command>{`curl "${environment().NEXTAUTH_URL}/batch/jobs?organizationId=${organizationId}" -H "Authorization: Bearer $API_KEY"`}</Command>
      </div>
    </Empty>
  );
}

export function NoMatch({ query }: { query: JobsQuery }) {
  const { organizationId, pageSize } = query;
  const labels = query.problem
    ? [healthLabels[query.problem]]
    : query.status.map((status) => statusLabel(status).toLowerCase());
  return (
    <Empty
      title={isCounted(query) && labels.length > 0 ? `No ${labels.join(" or ")} jobs` : "No matching jobs"}
    >
      <a href={jobsAddress({ organizationId, pageSize })} className={buttonClass()}>
        Clear filter
      </a>
    </Empty>
  );
}

export function NoOrganization() {
  return (
    <>
      <title>Jobs – Batch Jobs</title>
      <h1 className="mb-4 text-xl font-semibold tracking-tight">Jobs</h1>
      <Empty title="You’re not a member of any organization">
        <p className="max-w-prose text-muted">Ask an owner or admin for an invitation link.</p>
      </Empty>
    </>
  );
}
