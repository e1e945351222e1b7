import type { Person } from "../access/person";
import { consumeMailLimit } from "../auth/daily-limits";
import { logError } from "../log";
import { canSendMail, sendMail } from "../mail";
import { type Invitation, invitationDays, invitationLink } from "./invite";

/** @returns the outcome; undefined without a mail server. */
export async function mailInvitation(
  { email, token }: Invitation,
  { organizationId, organizationName }: { organizationId: string; organizationName: string },
  person: Person,
): Promise<"mailed" | "not_mailed" | "over_mail_limit" | undefined> {
  if (!canSendMail()) return undefined;
  if (!(await consumeMailLimit({ personId: person.id, organizationId, email }))) {
    logError(
      "failed to send email",
      { name: "MailError", message: "daily limit reached" },
      { organizationId },
    );
    return "over_mail_limit";
  }
  // A line break would start another header.
  const name = organizationName.replace(/\s+/g, " ");
  const inviter = (person.name ?? person.email).replace(/\s+/g, " ");
  const isSent = await sendMail({
    to: email,
    subject: `Join ${name} on Batch Jobs`,
    text: [
      `${inviter} has invited you to join ${name} on Batch Jobs, where you can follow its calling campaigns.`,
      `Open this link to join. It works once, within ${invitationDays} days:`,
      invitationLink(token),
      "If you didn’t expect this invitation, you can ignore this email.",
    ].join("\n\n"),
  });
  return isSent ? "mailed" : "not_mailed";
}
