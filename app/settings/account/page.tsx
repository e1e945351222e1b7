import { listSessions } from "@/lib/sessions/list";
import { Button } from "../../components/button";
import { Field, passwordMessage } from "../../components/field";
import { errorProps, FormResult, nameMessage } from "../../components/form-result";
import { Section } from "../../components/section";
import type { PageProps } from "../../page-props";
import { renderOrError } from "../../render-or-error";
import { firstOrganization, readDraft, shownZone, signedIn } from "../../signed-in";
import { settingsAddress } from "../address";
import { DisplayForm } from "../display/form";
import { SettingsLayout } from "../settings-layout";
import { PasswordForm } from "./password-form";
import { Sessions } from "./sessions";

const errors = {
  invalid_name: nameMessage("Your name", 200),
  wrong_password: "Your current password is incorrect. Your password was not changed.",
  invalid_current_password: "Enter your current password.",
  invalid_new_password: passwordMessage("Your new password"),
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

export default function AccountPage({ searchParams }: PageProps) {
  return renderOrError({ title: "Your account", path: "/settings/account" }, () => render(searchParams));
}

async function render(searchParams: PageProps["searchParams"]) {
  const parameters = await searchParams;
  const person = await signedIn("/settings/account", parameters.error);
  const given = parameters.organizationId;
  const named = typeof given === "string" ? await person.findMembership(given) : undefined;
  const organizationId = named?.organizationId ?? (await firstOrganization(person));
  const [sessions, zone, draft] = await Promise.all([
    listSessions(person),
    shownZone(person),
    readDraft(organizationId),
  ]);
  const propsOf = errorProps(parameters, errors, {
    wrong_password: "currentPassword",
    same_password: "newPassword",
  });
  // The account belongs to no organization; this is the one to return to.
  const organizationField = organizationId && (
    <input type="hidden" name="organizationId" value={organizationId} />
  );
  return (
    <SettingsLayout person={person} zone={zone} organizationId={organizationId} page="account">
      <FormResult parameters={parameters} errors={errors} done={done} />
      <Section title="Name">
        <form action="/settings/account/rename" method="post" className="flex flex-col gap-4">
          {organizationField}
          <Field
            label="Your name"
            name="name"
            defaultValue={draft.name ?? person.name ?? ""}
            maxLength={200}
            autoComplete="name"
            hint={`Shown to other members. If empty, they see ${person.email}.`}
            {...propsOf("name")}
          />
          <Button type="submit" variant="primary" className="self-start">
            Save name
          </Button>
        </form>
      </Section>
      <Section title="Password">
        <PasswordForm email={person.email} propsOf={propsOf}>
          {organizationField}
        </PasswordForm>
      </Section>
      <Section title="Active sessions">
        <Sessions sessions={sessions} zone={zone.name} nowMs={Date.now()}>
          {organizationField}
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
