import { redirect } from "next/navigation";
import { isSetUp } from "@/lib/setup/set-up";
import { Button } from "../components/button";
import { EmailField, Field, NewPasswordField, passwordMessage } from "../components/field";
import { errorProps, FormResult, nameMessage } from "../components/form-result";
import { MessagePage } from "../components/message-page";
import type { PageProps } from "../page-props";
import { renderOrError } from "../render-or-error";
import { readDraft } from "../signed-in";

const errors = {
  wrong_setup_code: "Incorrect setup code. It’s in the output of the server from when it started.",
  organization_exists: "An organization with this ID already exists. Choose another one.",
  invalid_setup_code: "Enter the setup code that the server printed when it started.",
  invalid_organization_name: nameMessage("The organization’s name", 200),
  invalid_organization_id: "The ID must be 1 to 128 characters long: letters, digits, _ and -.",
  invalid_name: nameMessage("Your name", 200),
  invalid_email: "Enter an email address like name@example.com.",
  invalid_password: passwordMessage("Your password"),
};

/** Creates the first organization and its owner. Redirects once there is one. */
export default function SetupPage({ searchParams }: PageProps) {
  return renderOrError({ title: "Set up this server", path: "/setup" }, () => render(searchParams));
}

async function render(searchParams: PageProps["searchParams"]) {
  const draft = await readDraft();
  const parameters = await searchParams;
  const propsOf = errorProps(parameters, errors, {
    wrong_setup_code: "setupCode",
    organization_exists: "organizationId",
  });
  if (await isSetUp()) redirect("/sign-in");
  return (
    <MessagePage title="Set up this server">
      <p className="text-muted">
        There are no accounts yet. Create the first organization and become its owner. You’ll need the setup
        code that the server printed when it started.
      </p>
      <FormResult parameters={parameters} errors={errors} />
      <form action="/setup/create" method="post" className="flex flex-col gap-4">
        <Field
          label="Setup code"
          name="setupCode"
          autoComplete="off"
          spellCheck={false}
          required
          {...propsOf("setupCode")}
        />
        <Field
          label="Organization name"
          name="organizationName"
          defaultValue={draft.organizationName}
          autoComplete="organization"
          maxLength={200}
          required
          {...propsOf("organizationName")}
        />
        <Field
          label="Organization ID (optional)"
          name="organizationId"
          defaultValue={draft.organizationId}
          autoComplete="off"
          spellCheck={false}
          pattern="[A-Za-z0-9_\-]{1,128}"
          title="1 to 128 letters, digits, _ and -"
          hint="Identifies the organization in the API. If you’re migrating, enter your existing ID. Leave empty to generate one."
          {...propsOf("organizationId")}
        />
        <Field
          label="Your name"
          name="name"
          defaultValue={draft.name}
          autoComplete="name"
          maxLength={200}
          {...propsOf("name")}
        />
        <EmailField defaultValue={draft.email} autoComplete="username" required {...propsOf("email")} />
        <NewPasswordField
          label="Password"
          name="password"
          advice="A passphrase is easier to remember."
          {...propsOf("password")}
        />
        <Button type="submit" variant="primary" className="mt-2 h-10">
          Complete setup
        </Button>
      </form>
    </MessagePage>
  );
}
