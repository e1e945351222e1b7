import { listSessions } from "@/lib/sessions/list";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { messageOf, nameMessage } from "../../components/form-message";
import { Notice } from "../../components/notice";
import { Section } from "../../components/section";
import { SuccessMessage } from "../../components/success-message";
import { firstOrganization } from "../../organization";
import type { PageProps } from "../../page-props";
import { renderOrError } from "../../render-or-error";
import { shownZone, signedIn } from "../../signed-in";
import { settingsAddress } from "../address";
import { DisplayForm } from "../display/form";
import { readKept } from "../render-settings";
import { SettingsLayout } from "../settings-frame";
import { PasswordForm } from "./password-form";
import { Sessions } from "./sessions";

const messages = {
  invalid_name: nameMessage("The name", 200),
  wrong_password: "Your current password is incorrect. Your password was not changed.",
  invalid_current_password: "Enter your current password.",
  invalid_new_password: "Your new password must have 12 to 200 characters.",
  same_password: "Your new password must be different from your current one.",
  password_changed: "Your password was just changed somewhere else. Sign in with the new one.",
  session_not_found: "That session has already ended.",
};
const done = {
  renamed: "Name updated.",
  password: "Password changed. You’ve been signed out everywhere else.",
  session: "Session ended.",
  display: "Saved.",
};

/** What a person decides about themselves, whatever organizations they belong to. */
export default function AccountPage({ searchParams }: PageProps) {
  return renderOrError({ title: "Your account", path: "/settings/account" }, () => draw(searchParams));
}

async function draw(searchParams: PageProps["searchParams"]) {
  const parameters = await searchParams;
  const person = await signedIn("/settings/account", parameters.error);
  const given = parameters.organizationId;
  const asked = typeof given === "string" ? await person.findMembership(given) : undefined;
  const organizationId = asked?.organizationId ?? (await firstOrganization(person));
  const [sessions, zone, kept] = await Promise.all([
    listSessions(person),
    shownZone(person),
    readKept(organizationId),
  ]);
  const message = messageOf(parameters, messages);
  // Nothing of the account belongs to it; it is where the person comes from, and shall be still.
  const from = organizationId && <input type="hidden" name="organizationId" value={organizationId} />;
  return (
    <SettingsLayout person={person} zone={zone} organizationId={organizationId} page="account">
      {message ? (
        <Notice variant="danger">{message}</Notice>
      ) : (
        <SuccessMessage word={parameters.done} sentences={done} />
      )}
      <Section title="Name">
        <form action="/settings/account/rename" method="post" className="flex flex-col gap-4">
          {from}
          <Field
            label="Your name"
            name="name"
            defaultValue={kept.name ?? person.name ?? ""}
            maxLength={200}
            autoComplete="name"
            hint={`Shown to other members. If empty, they see ${person.email}.`}
          />
          <Button type="submit" variant="primary" className="self-start">
            Save name
          </Button>
        </form>
      </Section>
      <Section title="Password">
        <PasswordForm email={person.email}>{from}</PasswordForm>
      </Section>
      <Section title="Active sessions">
        <Sessions sessions={sessions} zone={zone.name} nowMs={Date.now()}>
          {from}
        </Sessions>
        <form action="/settings/account/sign-out-everywhere" method="post">
          <details>
            <summary className="w-fit py-1">Sign out everywhere…</summary>
            <p className="py-1 text-muted">This ends every session, including this one.</p>
            <Button type="submit" variant="danger" className="mt-2">
              Sign out everywhere now
            </Button>
          </details>
        </form>
      </Section>
      <Section title="Display">
        <DisplayForm zone={zone} returnTo={settingsAddress("account", organizationId, { done: "display" })} />
      </Section>
    </SettingsLayout>
  );
}
