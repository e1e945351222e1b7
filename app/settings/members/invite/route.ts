import { allow } from "@/lib/http/methods";
import { invite } from "@/lib/invitations/invite";
import { InvitationForm } from "@/lib/invitations/schema";
import { organizationFormHandler } from "../../form-handler";
import { handOver, membersPage } from "../form";

/** Invites somebody; the page that follows shows the link, once. */
export const POST = organizationFormHandler(
  {
    failure: "Failed to invite",
    page: membersPage,
    kept: ["email", "role"],
    fields: InvitationForm,
    permission: "manageMembers",
  },
  async ({ viewer, person, fields }) => handOver("invited", await invite(viewer, fields), viewer, person),
);

const { options: OPTIONS, notAllowed } = allow("POST", "OPTIONS");

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as PUT, OPTIONS };
