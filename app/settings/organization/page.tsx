import { dailyLimits } from "@/lib/auth/daily-limits";
import { Button } from "../../components/button";
import { CopyId } from "../../components/copy-button";
import { Field } from "../../components/field";
import { errorProps, FormResult, nameMessage } from "../../components/form-result";
import { Section } from "../../components/section";
import type { PageProps } from "../../page-props";
import { renderSettings, type SettingsContext } from "../render-settings";
import { SettingsLayout } from "../settings-layout";

const errors = {
  invalid_name: nameMessage("The name", 200),
  invalid_new_name: nameMessage("The name", 200),
  creating_forbidden: "Only owners of an organization can create another one.",
  too_many_organizations: `You’ve reached the limit of ${dailyLimits.organizationsOfPerson} new organizations per day. Try again tomorrow.`,
  too_many_organizations_here: `This server has reached its limit of ${dailyLimits.organizationsOfServer} new organizations per day. Try again tomorrow.`,
};
const done = {
  renamed: "Organization renamed.",
  created: "Organization created. Next, invite members and create an API key.",
};

export default function OrganizationPage({ searchParams }: PageProps) {
  return renderSettings({ title: "Organization", path: "/settings/organization" }, searchParams, render);
}

async function render({
  person,
  viewer,
  organizationId,
  organizationName,
  zone,
  parameters,
  draft,
}: SettingsContext) {
  const propsOf = errorProps(parameters, errors);
  return (
    <SettingsLayout person={person} zone={zone} organizationId={organizationId} page="organization">
      <FormResult parameters={parameters} errors={errors} done={done} />
      <Section title="Organization ID">
        <p className="text-muted">
          Programs pass this as <code className="font-mono">organizationId</code>. It never changes.
        </p>
        <div className="text-sm">
          <CopyId id={organizationId} name={organizationName} />
        </div>
      </Section>
      <Section title="Name">
        {viewer.may("manageOrganization") ? (
          <form action="/settings/organization/rename" method="post" className="flex flex-col gap-4">
            <input type="hidden" name="organizationId" value={organizationId} />
            <Field
              label="Name"
              name="name"
              defaultValue={draft.name ?? organizationName}
              maxLength={200}
              autoComplete="off"
              required
              {...propsOf("name")}
            />
            <Button type="submit" variant="primary" className="self-start">
              Rename
            </Button>
          </form>
        ) : (
          <p>
            {organizationName}. <span className="text-muted">Only owners can change it.</span>
          </p>
        )}
      </Section>
      {person.mayCreateOrganization && (
        <Section title="New organization">
          <p className="text-muted">
            It has its own jobs, members and API keys. Members of this organization won’t see it unless you
            invite them.
          </p>
          <form action="/settings/organization/create" method="post" className="flex flex-col gap-4">
            <input type="hidden" name="organizationId" value={organizationId} />
            <Field
              label="Organization name"
              name="newName"
              maxLength={200}
              autoComplete="off"
              required
              {...propsOf("newName")}
            />
            <Button type="submit" className="self-start">
              Create organization
            </Button>
          </form>
        </Section>
      )}
    </SettingsLayout>
  );
}
