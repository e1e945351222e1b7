import type { Person } from "@/lib/access/person";
import type { Viewer } from "@/lib/access/viewer";
import { identifier } from "@/lib/format/text";
import type { FormOutcome } from "@/lib/http/form-endpoint";
import { type Invitation, invitationLink } from "@/lib/invitations/invite";
import { mailInvitation } from "@/lib/invitations/mail";
import { setFlashSecret } from "@/lib/server/flash-secret";
import { settingsAddress } from "../address";

/** The fields by which forms name whom they are about. */
export const UserId = { userId: identifier };
export const InvitationId = { invitationId: identifier };

export function membersPage({ organizationId }: Record<string, string>): string {
  return settingsAddress("members", organizationId);
}

/**
 * Mails an invitation where there is a mail server; and leads to the page that shows its link, once.
 *
 * @param what was done, the first part of the page's word for it: `invited`, `renewed_mailed`.
 */
export async function handOver(
  what: "invited" | "renewed",
  invitation: Invitation,
  viewer: Viewer,
  person: Person,
): Promise<FormOutcome> {
  const { organizationId } = viewer;
  const own = await person.findMembership(organizationId);
  const outcome = await mailInvitation(
    invitation,
    { organizationId, organizationName: own?.organizationName ?? organizationId },
    person,
  );
  const done = outcome === undefined ? what : `${what}_${outcome}`;
  return {
    path: settingsAddress("members", organizationId, { done }),
    setCookies: [
      await setFlashSecret(invitationLink(invitation.token), person, "/settings/members", organizationId),
    ],
  };
}
