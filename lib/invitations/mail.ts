import { countMail } from "../auth/throttle";
import { logError } from "../log";
import { canSendMail, sendMail } from "../mail";
import type { Invitation } from "./invite";
import { invitationDays, invitationLink } from "./link";

/** Mails an invitation's link, where there is a mail server. @returns whether it was sent. */
export async function mailInvitation(
  { email, token }: Invitation,
  { organizationId, organizationName }: { organizationId: string; organizationName: string },
  inviter: string,
): Promise<boolean> {
  if (!canSendMail()) return false;
  if (!(await countMail(organizationId, email))) {
    logError("a mail was not sent", { name: "MailError", message: "too many today" }, { organizationId });
    return false;
  }
  // A line break would begin another header.
  const name = organizationName.replace(/\s+/g, " ");
  return sendMail({
    to: email,
    subject: `Join ${name} on Batch Jobs`,
    text: [
      `${inviter.replace(/\s+/g, " ")} invites you to join ${name} on Batch Jobs, where its calling campaigns can be watched.`,
      `Open this link to join. It works once, for ${invitationDays} days:`,
      invitationLink(token),
      "If you did not expect this, you need do nothing.",
    ].join("\n\n"),
  });
}
