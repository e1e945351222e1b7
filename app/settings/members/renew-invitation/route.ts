import { z } from "zod";
import { allow } from "@/lib/http/methods";
import { renewInvitation } from "@/lib/invitations/invite";
import { organizationFormHandler } from "../../form-handler";
import { handOver, InvitationId, membersPage } from "../form";

/** Gives an invitation a new link, which the page that follows shows, once. */
export const POST = organizationFormHandler(
  {
    failure: "Failed to create a new link",
    page: membersPage,
    fields: z.object(InvitationId),
    permission: "manageMembers",
  },
  async ({ viewer, person, fields }) =>
    handOver("renewed", await renewInvitation(viewer, fields.invitationId), viewer, person),
);

const { options: OPTIONS, notAllowed } = allow("POST", "OPTIONS");

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as PUT, OPTIONS };
