import { jobsAddress } from "@/lib/batch-jobs/address";
import { findCallLimit } from "@/lib/phone-numbers/call-limit";
import { listOutboundNumbers, listPhoneNumbers } from "@/lib/phone-numbers/list";
import { AppShell } from "../app-shell";
import { buttonClass } from "../components/button";
import { FormResult } from "../components/form-result";
import { Section } from "../components/section";
import { textLinkClass } from "../components/text-link";
import type { PageProps } from "../page-props";
import { settingsAddress } from "../settings/address";
import { renderSettings, type SettingsContext } from "../settings/render-settings";
import { newJobAddress } from "./address";
import { NewJobForm } from "./form";

const title = "New batch job";

const errors = {
  invalid_fields: "The job was not created. Fix the fields marked below and choose the file again.",
  invalid_body: "The job was not created because the form could not be read. Try again.",
  incomplete_body: "The job was not created because the upload was interrupted. Try again.",
};
/** When the cookie with the fields and their problems has expired, or had no room for them. */
const withoutProblems = {
  ...errors,
  invalid_fields: "The job was not created. Fill in the form again.",
};

export default function NewJobPage({ searchParams }: PageProps) {
  return renderSettings({ title, path: "/new-job" }, searchParams, render);
}

async function render(context: SettingsContext) {
  const { person, organizationId, zone, parameters } = context;
  const problems = parameters.error === "invalid_fields" ? context.problems : {};
  const hasProblems = Object.keys(problems).length > 0;
  return (
    <AppShell
      context={{
        person,
        zone,
        organizationId,
        path: newJobAddress(organizationId),
        addressIn: newJobAddress,
      }}
    >
      <title>{`${title} – Batch Jobs`}</title>
      <div className="mx-auto max-w-3xl wrap-anywhere">
        <a href={jobsAddress({ organizationId })} className={`${textLinkClass} mb-2 inline-block`}>
          ← Jobs
        </a>
        <h1 className="mb-5 text-xl font-semibold tracking-tight">{title}</h1>
        <div className="flex flex-col gap-5">
          <FormResult parameters={parameters} errors={hasProblems ? errors : withoutProblems} />
          {await renderContent({ ...context, problems })}
        </div>
      </div>
    </AppShell>
  );
}

/** The form, or what is missing for it. */
async function renderContent({ viewer, organizationId, zone, draft, problems }: SettingsContext) {
  if (!viewer.may("manageBatchJobs")) {
    return <p>Only owners and admins can create batch jobs. Ask one of them to create it for you.</p>;
  }
  const [phoneNumbers, callLimit] = await Promise.all([listOutboundNumbers(viewer), findCallLimit(viewer)]);
  if (phoneNumbers.length === 0) {
    const hasNone = (await listPhoneNumbers(viewer)).length === 0;
    return (
      <Section title="Add a phone number first">
        <p className="text-muted">
          A batch job calls from a phone number, and the number’s agent makes the calls.{" "}
          {hasNone
            ? "This organization has no phone number yet."
            : "None of this organization’s phone numbers has an agent yet."}
        </p>
        <a
          href={settingsAddress("phone-numbers", organizationId)}
          className={`${buttonClass("primary")} self-start`}
        >
          {hasNone ? "Add phone number" : "Set an agent"}
        </a>
      </Section>
    );
  }
  return (
    <NewJobForm
      organizationId={organizationId}
      phoneNumbers={phoneNumbers}
      callLimit={callLimit}
      zone={zone.name}
      draft={draft}
      problems={problems}
    />
  );
}
