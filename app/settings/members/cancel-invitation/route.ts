import { z } from "zod";
import { cancelInvitation } from "@/lib/invitations/invite";
import { settingsAddress } from "../../address";
import { organizationFormHandler } from "../../form-handler";
import { InvitationId, membersPage } from "../form";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
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
