import { invite } from "@/lib/invitations/invite";
import { InvitationForm } from "@/lib/invitations/schema";
import { organizationFormHandler } from "../../form-handler";
import { handOver, membersPage } from "../form";

/** Invites somebody; the page that follows shows the link, once. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to invite",
    page: membersPage,
    kept: ["email", "role"],
    fields: InvitationForm,
    permission: "manageMembers",
  },
  async ({ viewer, person, fields }) => handOver("invited", await invite(viewer, fields), viewer, person),
);
