import { z } from "zod";
import { identifier } from "@/lib/format/text";
import { cancelInvitation } from "@/lib/invitations/invite";
import { organizationFormHandler } from "../../form-handler";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to cancel the invitation",
    page: "members",
    fields: z.object({ invitationId: identifier }),
    permission: "manageMembers",
  },
  async ({ viewer, fields }) => {
    await cancelInvitation(viewer, fields.invitationId);
    return { done: "cancelled" };
  },
);
