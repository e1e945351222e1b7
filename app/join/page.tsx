import type { Person } from "@/lib/access/person";
import { findInvitation, type OpenInvitation } from "@/lib/invitations/accept";
import { invitationPath } from "@/lib/invitations/invite";
import { setStatus } from "@/lib/server/current-response";
import { Button, buttonClass } from "../components/button";
import { EmailField, Field, NewPasswordField, passwordMessage } from "../components/field";
import { type ErrorProps, errorProps, FormResult, nameMessage } from "../components/form-result";
import { MessagePage } from "../components/message-page";
import { Notice } from "../components/notice";
import type { PageProps } from "../page-props";
import { renderOrError } from "../render-or-error";
import { roleNouns } from "../settings/roles";
import { findPerson, readDraft } from "../signed-in";

const errors = {
  invitation_not_good: "This invitation was just accepted or cancelled.",
  invitation_of_another: "This invitation is for someone else.",
  email_taken: "An account with this email address already exists. Sign in to join.",
  invalid_name: nameMessage("Your name", 200),
  invalid_password: passwordMessage("Your password"),
};

export default function JoinPage({ searchParams }: PageProps) {
  return renderOrError({ title: "Join", path: "/jobs" }, () => render(searchParams));
}

async function render(searchParams: PageProps["searchParams"]) {
  const parameters = await searchParams;
  const token = typeof parameters.token === "string" ? parameters.token : "";
  const [invitation, person] = await Promise.all([findInvitation(token), findPerson()]);
  if (!invitation) {
    setStatus(404);
    return (
      <MessagePage title="This invitation is no longer valid">
        <p className="text-muted">
          The link has expired, was cancelled or has already been used. If you’ve already joined, go to your
          jobs. Otherwise, ask whoever invited you for a new link.
        </p>
        <p>
          <a href="/jobs" className={buttonClass()}>
            Go to jobs
          </a>
        </p>
      </MessagePage>
    );
  }
  return (
    <MessagePage title={`Join ${invitation.organizationName}`}>
      <p className="wrap-anywhere">
        {invitation.inviter
          ? `${invitation.inviter} invited ${invitation.email}`
          : `${invitation.email} has been invited`}{" "}
        to join {invitation.organizationName} as {roleNouns[invitation.role]}.
      </p>
      <FormResult parameters={parameters} errors={errors} />
      <JoinOptions
        invitation={invitation}
        person={person}
        token={token}
        propsOf={errorProps(parameters, errors)}
      />
    </MessagePage>
  );
}

interface JoinProps {
  invitation: OpenInvitation;
  person: Person | undefined;
  token: string;
  propsOf: ErrorProps;
}

async function JoinOptions({ invitation, person, token, propsOf }: JoinProps) {
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
  const draft = await readDraft();
  return (
    <form action="/join/accept" method="post" className="flex flex-col gap-4">
      <input type="hidden" name="token" value={token} />
      <EmailField autoComplete="username" defaultValue={invitation.email} readOnly />
      <Field
        label="Your name"
        name="name"
        defaultValue={draft.name}
        autoComplete="name"
        maxLength={200}
        {...propsOf("name")}
      />
      <NewPasswordField
        label="Choose a password"
        name="password"
        advice="A passphrase is easier to remember."
        {...propsOf("password")}
      />
      <Button type="submit" variant="primary" className="mt-2 h-10">
        Create account and join
      </Button>
    </form>
  );
}

function JoinAs({ invitation, person, token }: Omit<JoinProps, "propsOf"> & { person: Person }) {
  if (person.email !== invitation.email) {
    return (
      <>
        <Notice>
          You’re signed in as {person.email}, but this invitation is for {invitation.email}.
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
