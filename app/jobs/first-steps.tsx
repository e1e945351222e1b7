import type { ReactNode } from "react";
import type { Viewer } from "@/lib/access/viewer";
import { findFirstSteps } from "@/lib/batch-jobs/first-steps";
import { environment } from "@/lib/environment";
import { buttonClass } from "../components/button";
import { CopyButton } from "../components/copy-button";
import { CheckIcon } from "../components/icons";
import { textLinkClass } from "../components/text-link";
import { newJobAddress } from "../new-job/address";
import { settingsAddress } from "../settings/address";

/** How to get to the first job, for an organization without any. Rendered before the page, whose failures are handled. */
export async function renderFirstSteps(viewer: Viewer): Promise<ReactNode> {
  const { organizationId } = viewer;
  const { hasPhoneNumber, hasDialKey, hasDialer } = await findFirstSteps(viewer);
  const [mayAddNumber, mayCreateKey] = [viewer.may("managePhoneNumbers"), viewer.may("manageKeys")];
  const mayCreateJob = viewer.may("manageBatchJobs");
  const isReady = hasPhoneNumber && mayCreateJob;
  return (
    <section
      data-replaced=""
      className="mx-auto flex max-w-3xl flex-col gap-4 rounded-lg border border-line bg-surface p-4 sm:p-5"
    >
      <div>
        <h2 className="text-base font-medium">No jobs yet</h2>
        <p className="mt-1 text-muted">
          A batch job calls a list of contacts. Follow these steps to create your first one.
        </p>
      </div>
      <ol className="flex flex-col divide-y divide-line">
        <Step
          title="Add a phone number"
          isDone={hasPhoneNumber}
          who={mayAddNumber ? "" : "an owner or admin"}
        >
          <p>Batch jobs call from this number, and its agent makes the calls.</p>
          {mayAddNumber && (
            <StepLink href={settingsAddress("phone-numbers", organizationId)}>
              {hasPhoneNumber ? "Phone numbers" : "Add phone number"}
            </StepLink>
          )}
        </Step>
        <Step
          title="Create an API key for the dialer"
          isDone={hasDialKey}
          who={mayCreateKey ? "" : "an owner"}
        >
          <p>
            The key needs the scope <code className="font-mono">dial</code>.
          </p>
          {mayCreateKey && (
            <StepLink href={settingsAddress("api-keys", organizationId)}>
              {hasDialKey ? "API keys" : "Create API key"}
            </StepLink>
          )}
        </Step>
        <Step title="Run a dialer" isDone={hasDialer} who="">
          <p>
            A dialer asks this server for calls, makes them and reports how they ended. This example only
            simulates calls. Run it in a clone of Batch Jobs:
          </p>
          <div className="flex flex-col gap-2 sm:flex-row">
            <pre className="min-w-0 grow rounded-md border border-line bg-raised px-3 py-2 font-mono text-xs leading-5 whitespace-pre-wrap wrap-anywhere text-ink select-all">
              <code id="dialer-command">
                {`BATCH_JOBS_URL=${environment().NEXTAUTH_URL} BATCH_JOBS_API_KEY=your-api-key npm run -s dialer -- --simulate`}
              </code>
            </pre>
            <CopyButton of="dialer-command" label="the command" />
          </div>
          <p>
            For real calls, connect your own dialer:{" "}
            <a href="/docs" className={textLinkClass}>
              API reference
            </a>
          </p>
        </Step>
        <Step title="Create a batch job" isDone={false} who={mayCreateJob ? "" : "an owner or admin"}>
          <p>
            Upload a CSV file with the contacts here, or create the job{" "}
            <a href="/docs" className={textLinkClass}>
              through the API
            </a>
            .
          </p>
          {mayCreateJob && (
            <a
              href={newJobAddress(organizationId)}
              className={`${buttonClass(isReady ? "primary" : "plain")} mt-1 self-start`}
            >
              New batch job
            </a>
          )}
        </Step>
      </ol>
    </section>
  );
}

function StepLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <p>
      <a href={href} className={textLinkClass}>
        {children}
      </a>
    </p>
  );
}

/** @param props with `who` can do it, where that is not the viewer. */
function Step(props: { title: string; isDone: boolean; who: string; children: ReactNode }) {
  const { title, isDone, who, children } = props;
  return (
    <li className="flex gap-3 py-3.5 first:pt-0 last:pb-0">
      <span
        className={`mt-0.5 grid size-5 shrink-0 place-items-center rounded-full border ${isDone ? "border-completed text-completed" : "border-edge"}`}
      >
        {isDone && <CheckIcon />}
      </span>
      <div className="flex min-w-0 grow flex-col gap-1 text-muted">
        <h3 className="font-medium text-ink">
          {title}
          {isDone && <span className="font-normal text-completed"> · Done</span>}
        </h3>
        {children}
        {who !== "" && !isDone && <p>Ask {who} to do this.</p>}
      </div>
    </li>
  );
}
