import { z } from "zod";
import { renewInvitation } from "@/lib/invitations/invite";
import { organizationFormHandler } from "../../form-handler";
import { handOver, InvitationId, membersPage } from "../form";

/** Gives an invitation a new link, which the page that follows shows, once. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to create a new link",
    page: membersPage,
    fields: z.object(InvitationId),
    permission: "manageMembers",
  },
  async ({ viewer, person, fields }) =>
    handOver("renewed", await renewInvitation(viewer, fields.invitationId), viewer, person),
);
