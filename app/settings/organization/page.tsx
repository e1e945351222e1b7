import { dailyLimits } from "@/lib/auth/daily-limits";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { messageOf, nameMessage } from "../../components/form-message";
import { Notice } from "../../components/notice";
import { Section } from "../../components/section";
import { SuccessMessage } from "../../components/success-message";
import { CopyId } from "../../jobs/copy-id";
import type { PageProps } from "../../page-props";
import { memberMessages } from "../messages";
import { renderSettings, type SettingsContext } from "../render-settings";
import { SettingsLayout } from "../settings-frame";

const messages = {
  ...memberMessages,
  invalid_name: nameMessage("The name", 200),
  invalid_new_name: nameMessage("The name", 200),
  creating_forbidden: "Only owners of an organization can create another one.",
  too_many_organizations: `You have created ${dailyLimits.organizationsOfPerson} organizations today, as many as a person may. Try again tomorrow.`,
  too_many_organizations_here: `People here have created ${dailyLimits.organizationsOfServer} organizations today, as many as this server allows. Try again tomorrow.`,
};
const done = {
  renamed: "Organization renamed.",
  created: "Organization created. Next, invite members and create an API key.",
};

/** What an organization is called, by people and by programs. */
export default function OrganizationPage({ searchParams }: PageProps) {
  return renderSettings({ title: "Organization", path: "/settings/organization" }, searchParams, draw);
}

async function draw(seen: SettingsContext) {
  const { person, viewer, organizationId, organizationName, zone, parameters, kept } = seen;
  const message = messageOf(parameters, messages);
  return (
    <SettingsLayout person={person} zone={zone} organizationId={organizationId} page="organization">
      {message ? (
        <Notice variant="danger">{message}</Notice>
      ) : (
        <SuccessMessage word={parameters.done} sentences={done} />
      )}
      <Section title="Id">
        <p className="text-muted">Programs pass this as organizationId. It never changes.</p>
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
              defaultValue={kept.name ?? organizationName}
              maxLength={200}
              autoComplete="off"
              required
            />
            <Button type="submit" variant="primary" className="self-start">
              Rename
            </Button>
          </form>
        ) : (
          <p>{organizationName}. Only owners can change it.</p>
        )}
      </Section>
      {person.mayCreateOrganization && (
        <Section title="Create another organization">
          <p className="text-muted">
            It has its own jobs, members and keys. Members of this organization won’t see it unless you invite
            them.
          </p>
          <form action="/settings/organization/create" method="post" className="flex flex-col gap-4">
            <input type="hidden" name="from" value={organizationId} />
            <Field
              label="Name of the new organization"
              name="newName"
              maxLength={200}
              autoComplete="off"
              required
            />
            <Button type="submit" className="self-start">
              Create
            </Button>
          </form>
        </Section>
      )}
    </SettingsLayout>
  );
}
