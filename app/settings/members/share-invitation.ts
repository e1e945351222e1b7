import type { Person } from "@/lib/access/person";
import type { Viewer } from "@/lib/access/viewer";
import { type Invitation, invitationLink } from "@/lib/invitations/invite";
import { mailInvitation } from "@/lib/invitations/mail";
import { setFlashSecret } from "@/lib/server/flash-secret";

/** Emails an invitation where there is a mail server, and shows its link once on the page that follows. */
export async function shareInvitation(
  action: "invited" | "renewed",
  invitation: Invitation,
  viewer: Viewer,
  person: Person,
) {
  const { organizationId } = viewer;
  const own = await person.findMembership(organizationId);
  const outcome = await mailInvitation(
    invitation,
    { organizationId, organizationName: own?.organizationName ?? organizationId },
    person,
  );
  const done = outcome === undefined ? action : `${action}_${outcome}`;
  return {
    done,
    setCookies: [
      await setFlashSecret(invitationLink(invitation.token), person, "/settings/members", organizationId),
    ],
  };
}
