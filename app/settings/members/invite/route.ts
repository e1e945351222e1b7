import { invite } from "@/lib/invitations/invite";
import { InvitationForm } from "@/lib/invitations/schema";
import { organizationFormHandler } from "../../form-handler";
import { shareInvitation } from "../share-invitation";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to invite",
    page: "members",
    draft: ["email", "role"],
    fields: InvitationForm,
    permission: "manageMembers",
  },
  async ({ viewer, person, fields }) =>
    shareInvitation("invited", await invite(viewer, fields), viewer, person),
);
