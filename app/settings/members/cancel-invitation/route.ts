import { z } from "zod";
import { allow } from "@/lib/http/methods";
import { cancelInvitation } from "@/lib/invitations/invite";
import { settingsAddress } from "../../address";
import { organizationFormHandler } from "../../form-handler";
import { InvitationId, membersPage } from "../form";

export const POST = organizationFormHandler(
  {
    failure: "Failed to cancel the invitation",
    page: membersPage,
    fields: z.object(InvitationId),
    permission: "manageMembers",
  },
  async ({ viewer, fields }) => {
    await cancelInvitation(viewer, fields.invitationId);
    return { path: settingsAddress("members", viewer.organizationId, { done: "cancelled" }) };
  },
);

const { options: OPTIONS, notAllowed } = allow("POST", "OPTIONS");

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as PUT, OPTIONS };
