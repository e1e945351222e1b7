import type { ReactNode } from "react";
import type { Person } from "@/lib/access/person";
import { findInvitation, type OpenInvitation } from "@/lib/invitations/accept";
import { invitationPath } from "@/lib/invitations/invite";
import { setStatus } from "@/lib/server/current-response";
import { Button, buttonClass } from "../components/button";
import { EmailField } from "../components/email-field";
import { Field } from "../components/field";
import { messageOf, nameMessage } from "../components/form-message";
import { MessagePage } from "../components/message-page";
import { Notice } from "../components/notice";
import type { PageProps } from "../page-props";
import { renderOrError } from "../render-or-error";
import { readKept } from "../settings/render-settings";
import { roleLabels } from "../settings/roles";
import { findPerson } from "../signed-in";

const messages = {
  invitation_not_good: "This invitation was just accepted or cancelled.",
  invitation_of_another: "This invitation is for someone else.",
  email_taken: "An account with this email address already exists. Sign in to join.",
  invalid_name: nameMessage("Your name", 200),
  invalid_password: "Your password must have 12 to 200 characters.",
};

/** Where an invitation's link leads: whoever opens it sees what they are invited to, and joins. */
export default function JoinPage({ searchParams }: PageProps) {
  return renderOrError({ title: "Join", path: "/jobs" }, () => draw(searchParams));
}

async function draw(searchParams: PageProps["searchParams"]) {
  const parameters = await searchParams;
  const token = typeof parameters.token === "string" ? parameters.token : "";
  const [invitation, person] = await Promise.all([findInvitation(token), findPerson()]);
  if (!invitation) {
    setStatus(404);
    return (
      <MessagePage title="This invitation is no longer valid">
        <p className="text-muted">
          Its link works once, for seven days; this one was used, replaced or cancelled, or is older. If you
          have joined with it, go to your jobs. Else ask whoever invited you for a new link.
        </p>
        <p>
          <a href="/jobs" className={buttonClass()}>
            Go to jobs
          </a>
        </p>
      </MessagePage>
    );
  }
  const message = messageOf(parameters, messages);
  return (
    <MessagePage title={`Join ${invitation.organizationName}`}>
      <p className="wrap-anywhere">
        {invitation.inviter ?? "Somebody"} invites {invitation.email} to join {invitation.organizationName} as{" "}
        {roleLabels[invitation.role].toLowerCase()}.
      </p>
      {message && <Notice variant="danger">{message}</Notice>}
      {await way(invitation, person, token)}
    </MessagePage>
  );
}

/** How somebody joins: as who is signed in, by signing in first, or as somebody new. */
async function way(
  invitation: OpenInvitation,
  person: Person | undefined,
  token: string,
): Promise<ReactNode> {
  if (person) return <JoinAs person={person} invitation={invitation} token={token} />;
  if (invitation.hasAccount) {
    return (
      <>
        <p className="text-muted">You already have an account. Sign in to join.</p>
        <p>
          <a
            href={`/sign-in?callbackUrl=${encodeURIComponent(invitationPath(token))}`}
            className={buttonClass("primary")}
          >
            Sign in to join
          </a>
        </p>
      </>
    );
  }
  const kept = await readKept(undefined);
  return (
    <form action="/join/accept" method="post" className="flex flex-col gap-4">
      <input type="hidden" name="token" value={token} />
      <EmailField autoComplete="username" defaultValue={invitation.email} readOnly />
      <Field label="Your name" name="name" defaultValue={kept.name} autoComplete="name" maxLength={200} />
      <Field
        label="Choose a password"
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={12}
        maxLength={200}
        hint="At least 12 characters. A passphrase is easier to remember."
        required
      />
      <Button type="submit" variant="primary" className="mt-2 h-10">
        Join
      </Button>
    </form>
  );
}

function JoinAs(props: { person: Person; invitation: OpenInvitation; token: string }) {
  const { person, invitation, token } = props;
  if (person.email !== invitation.email) {
    return (
      <>
        <Notice>
          You are signed in as {person.email}, but this invitation is for {invitation.email}.
        </Notice>
        <form action="/api/auth/signout" method="post">
          <input type="hidden" name="callbackUrl" value={invitationPath(token)} />
          <Button type="submit">Sign out and return here</Button>
        </form>
      </>
    );
  }
  return (
    <form action="/join/accept" method="post">
      <input type="hidden" name="token" value={token} />
      <Button type="submit" variant="primary" className="h-10">
        Join as {person.name ?? person.email}
      </Button>
    </form>
  );
}
