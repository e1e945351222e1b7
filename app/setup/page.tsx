import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { draftCookie, readDraft } from "@/lib/http/form-draft";
import { isSetUp } from "@/lib/setup/set-up";
import { Button } from "../components/button";
import { EmailField } from "../components/email-field";
import { Field } from "../components/field";
import { messageOf, nameMessage } from "../components/form-message";
import { MessagePage } from "../components/message-page";
import { Notice } from "../components/notice";
import type { PageProps } from "../page-props";
import { renderOrError } from "../render-or-error";

const messages = {
  wrong_setup_code: "Incorrect setup code. Look for it where the server was started.",
  organization_exists: "An organization with this ID already exists. Choose another one.",
  invalid_setup_code: "Enter the setup code that the server printed when it started.",
  invalid_organization_name: nameMessage("The name of the organization", 200),
  invalid_organization_id: "The ID must be 1 to 128 characters of A-Z a-z 0-9 _ -",
  invalid_name: nameMessage("Your name", 200),
  invalid_email: "Enter an email address like name@example.com",
  invalid_password: "Your password must have 12 to 200 characters.",
};

/** Makes the first organization and its owner; there is no such page once there is one. */
export default function SetupPage({ searchParams }: PageProps) {
  return renderOrError({ title: "Set up this server", path: "/setup" }, () => draw(searchParams));
}

async function draw(searchParams: PageProps["searchParams"]) {
  const message = messageOf(await searchParams, messages);
  const kept = readDraft((await cookies()).get(draftCookie)?.value, undefined);
  if (await isSetUp()) redirect("/sign-in");
  return (
    <MessagePage title="Set up this server">
      <p className="text-muted">
        There are no accounts yet. Create the first organization and become its owner. You’ll need the setup
        code that the server printed when it started.
      </p>
      {message && <Notice variant="danger">{message}</Notice>}
      <form action="/setup/create" method="post" className="flex flex-col gap-4">
        <Field label="Setup code" name="setupCode" autoComplete="off" spellCheck={false} required />
        <Field
          label="Organization"
          name="organizationName"
          defaultValue={kept.organizationName}
          autoComplete="organization"
          maxLength={200}
          required
        />
        <Field
          label="Organization ID (optional)"
          name="organizationId"
          defaultValue={kept.organizationId}
          autoComplete="off"
          spellCheck={false}
          pattern="[A-Za-z0-9_\-]{1,128}"
          title="1 to 128 characters of A-Z a-z 0-9 _ -"
          hint="Used by programs in the API. Migrating from elsewhere? Keep your old ID. Leave empty to generate one."
        />
        <Field label="Your name" name="name" defaultValue={kept.name} autoComplete="name" maxLength={200} />
        <EmailField defaultValue={kept.email} autoComplete="username" required />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={12}
          maxLength={200}
          hint="At least 12 characters. A passphrase is easier to remember."
          required
        />
        <Button type="submit" variant="primary" className="mt-2 h-10">
          Set up
        </Button>
      </form>
    </MessagePage>
  );
}
