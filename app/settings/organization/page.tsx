import { dailyLimits } from "@/lib/daily-limits";
import { mayCreateOrganization } from "@/lib/organizations/create-by-owner";
import { CopyId } from "../../jobs/copy-id";
import type { PageProps } from "../../page-props";
import { Button } from "../../parts/button";
import { Done } from "../../parts/done";
import { Field } from "../../parts/field";
import { messageOf, nameMessage } from "../../parts/form-message";
import { Notice } from "../../parts/notice";
import { Section } from "../../parts/section";
import { drawSettings, type Seen } from "../draw-settings";
import { memberMessages } from "../messages";
import { SettingsFrame } from "../settings-frame";

const messages = {
  ...memberMessages,
  invalid_name: nameMessage("The name", 200),
  invalid_new_name: nameMessage("The name", 200),
  creating_forbidden: "Only who owns an organization may create another.",
  too_many_organizations: `You have created ${dailyLimits.organizationsOfPerson} organizations today, as many as a person may. Try again tomorrow.`,
  too_many_organizations_here: `People here have created ${dailyLimits.organizationsOfServer} organizations today, as many as this server allows. Try again tomorrow.`,
};
const done = {
  renamed: "The organization has its new name.",
  created: "This is your new organization. Invite people, and make it an API key.",
};

/** What an organization is called, by people and by programs. */
export default function OrganizationPage({ searchParams }: PageProps) {
  return drawSettings({ title: "Organization", path: "/settings/organization" }, searchParams, draw);
}

async function draw(seen: Seen) {
  const { person, viewer, organizationId, organizationName, zone, parameters, kept } = seen;
  const message = messageOf(parameters, messages);
  return (
    <SettingsFrame person={person} zone={zone} organizationId={organizationId} page="organization">
      {message ? <Notice look="danger">{message}</Notice> : <Done word={parameters.done} sentences={done} />}
      <Section title="Id">
        <p className="text-muted">
          Programs name the organization by it, as organizationId. It never changes.
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
              defaultValue={kept.name ?? organizationName}
              maxLength={200}
              autoComplete="off"
              required
            />
            <Button type="submit" look="primary" className="self-start">
              Rename
            </Button>
          </form>
        ) : (
          <p>{organizationName}. Owners can change it.</p>
        )}
      </Section>
      {mayCreateOrganization(person) && (
        <Section title="Create another organization">
          <p className="text-muted">
            With jobs, members and keys of its own. Nobody of this one sees anything of it, unless you invite
            them.
          </p>
          <form action="/settings/organization/create" method="post" className="flex flex-col gap-4">
            <input type="hidden" name="from" value={organizationId} />
            <Field label="Name of the new one" name="newName" maxLength={200} autoComplete="off" required />
            <Button type="submit" className="self-start">
              Create
            </Button>
          </form>
        </Section>
      )}
    </SettingsFrame>
  );
}
