import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { isTransient, retryRead } from "@/lib/database/retry-read";
import { timeZoneCookie } from "@/lib/format/time-zone";
import { returnPath } from "@/lib/http/return-path";
import { isSetUp } from "@/lib/setup/set-up";
import { passwordLengthMax } from "@/lib/users/schema";
import { BrowserTimeZone } from "../browser-time-zone";
import { Button } from "../components/button";
import { EmailField, Field } from "../components/field";
import { FormResult } from "../components/form-result";
import { MessagePage } from "../components/message-page";
import type { PageProps } from "../page-props";
import { renderOrError } from "../render-or-error";
import { findPerson, readDraft } from "../signed-in";

const errors = {
  wrong_credentials: "Incorrect email address or password.",
  signed_out: "You were signed out, so nothing was changed. Sign in and try again.",
  missing_csrf_token: "The form was out of date. Try again.",
};

const done = {
  everywhere: "You’ve been signed out everywhere.",
};

export default function SignInPage({ searchParams }: PageProps) {
  return renderOrError({ title: "Sign in", path: "/sign-in" }, () => render(searchParams));
}

async function render(searchParams: PageProps["searchParams"]) {
  const parameters = await searchParams;
  const callbackUrl = returnPath(parameters.callbackUrl);
  const draft = await readDraft();
  // The form needs no database: an outage shows when it is submitted.
  const state = await retryRead(async () => ({ isSetUp: await isSetUp(), person: await findPerson() })).catch(
    (error) => {
      if (!isTransient(error)) throw error;
      return { isSetUp: true, person: undefined };
    },
  );
  if (!state.isSetUp) redirect("/setup");
  if (state.person) redirect(callbackUrl);
  return (
    <MessagePage title="Sign in">
      <BrowserTimeZone known={(await cookies()).get(timeZoneCookie)?.value} />
      <FormResult parameters={parameters} errors={errors} done={done} />
      <form action="/api/auth/callback/credentials" method="post" className="flex flex-col gap-4">
        <input type="hidden" name="callbackUrl" value={callbackUrl} />
        <EmailField autoComplete="username" defaultValue={draft.email} autoFocus={!draft.email} required />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          maxLength={passwordLengthMax}
          autoFocus={Boolean(draft.email)}
          required
        />
        <Button type="submit" variant="primary" className="mt-2 h-10">
          Sign in
        </Button>
      </form>
      <p className="text-xs text-faint">
        No account? Ask an owner or admin of your organization for an invitation. Forgot your password? Ask
        your administrator to reset it.
      </p>
    </MessagePage>
  );
}
